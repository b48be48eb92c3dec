using System.Globalization;
using System.Text;

namespace WebVmMap.Symbols.Names;

/// <summary>
/// Writes a C++ name as binutils does ("a&lt;b&lt;int&gt; &gt;::c(char const*)"). What is wrapped around a name, as a function's result type that is itself
/// a pointer to a function, has a left and a right half.
/// </summary>
internal sealed class ItaniumPrinter
{
    private const int MaxDepth = 512;
    private const int MaxLength = 32768;

    /// <summary>Work that a short name may ask for by naming parts of itself over and over.</summary>
    private const int MaxSteps = 100_000;

    private const int NoPack = -1;

    private readonly StringBuilder _out = new();
    private int _depth;
    private int _steps;
    private int _packIndex = NoPack;
    private int _packSize = NoPack;
    private int _lambdas;
    private bool _failed;

    /// <summary>Writes a name.</summary>
    /// <returns>Null for one that is longer or deeper than any that a person would read.</returns>
    public static string? Print(NameNode node)
    {
        var printer = new ItaniumPrinter();
        printer.Whole(node);
        return printer._failed ? null : printer._out.ToString();
    }

    private bool Enter()
    {
        if (++_depth > MaxDepth || _out.Length > MaxLength || ++_steps > MaxSteps)
        {
            _failed = true;
        }
        return !_failed;
    }

    private void Whole(NameNode? node)
    {
        Left(node);
        Right(node);
    }

    private void Left(NameNode? node)
    {
        if (node is not null && Enter())
        {
            LeftWithin(node);
        }
        _depth -= node is null ? 0 : 1;
    }

    private void LeftWithin(NameNode node)
    {
        switch (node.Kind)
        {
            case NameKind.Name:
                _out.Append(node.Text);
                break;
            case NameKind.Qualified:
                Whole(node.First);
                _out.Append("::");
                Whole(node.Second);
                break;
            case NameKind.Template:
                Whole(node.First);
                Arguments(node.List);
                break;
            case NameKind.Tagged:
                Whole(node.First);
                _out.Append("[abi:").Append(node.Text).Append(']');
                break;
            case NameKind.Destructor:
                _out.Append('~');
                Whole(node.First);
                break;
            case NameKind.Conversion:
                _out.Append("operator ");
                Whole(node.First);
                break;
            case NameKind.Lambda:
                _out.Append("{lambda(");
                _lambdas++;
                Commas(node.List);
                _lambdas--;
                _out.Append(")#").Append(node.Text).Append('}');
                break;
            case NameKind.Encoding:
                if (node.Second is not null)
                {
                    Left(node.Second);
                    // A declarator that was opened joins the name, as in "void (*f())()".
                    if (!HasRight(node.Second))
                    {
                        _out.Append(' ');
                    }
                }
                Whole(node.First);
                _out.Append('(');
                Commas(node.List);
                _out.Append(')');
                Right(node.Second);
                _out.Append(node.Qualifiers);
                break;
            case NameKind.Special:
                _out.Append(node.Text);
                Whole(node.First);
                break;
            case NameKind.SpecialIn:
                _out.Append(node.Text);
                Whole(node.First);
                _out.Append("-in-");
                Whole(node.Second);
                break;
            case NameKind.Pointer:
                PointerLeft(node);
                break;
            case NameKind.Type:
                Left(node.First);
                // "int const const" is "int const".
                if (!(Resolve(node.First) is { Kind: NameKind.Type } inner && inner.Text == node.Text))
                {
                    _out.Append(node.Text);
                }
                break;
            case NameKind.Function:
                Left(node.Second);
                _out.Append(' ');
                break;
            case NameKind.Array:
                Left(node.First);
                break;
            case NameKind.MemberPointer:
                Left(node.Second);
                if (Declarator(node.Second) is { } wrapped)
                {
                    _out.Append(wrapped == NameKind.Array ? " (" : "(");
                }
                else
                {
                    _out.Append(' ');
                }
                Whole(node.First);
                _out.Append("::*");
                break;
            case NameKind.Expansion:
                Expand(node);
                break;
            case NameKind.ArgumentPack:
                Commas(node.List);
                break;
            case NameKind.LambdaParameter when IsAuto(node):
                _out.Append("auto:").Append(int.Parse(node.Text, CultureInfo.InvariantCulture) + 1);
                break;
            case NameKind.ParameterPack or NameKind.Forward or NameKind.LambdaParameter:
                Left(Element(node));
                break;
            case NameKind.Literal:
                _out.Append('(');
                Whole(node.First);
                _out.Append(')').Append(node.Text);
                break;
            case NameKind.Prefix:
                _out.Append(node.Text);
                Operand(node.Text == "&" && node.First is { Kind: NameKind.Encoding, First: { Kind: NameKind.Qualified } function } ? function : node.First);
                break;
            case NameKind.Infix:
                InfixLeft(node);
                break;
            case NameKind.Call:
                Operand(node.First is { Kind: NameKind.Encoding } called ? called.First : node.First);
                _out.Append('(');
                Commas(node.List);
                _out.Append(')');
                break;
            case NameKind.Sequence:
                foreach (var part in node.List)
                {
                    Whole(part);
                }
                break;
            case NameKind.Bracketed:
                _out.Append(node.Text);
                Commas(node.List);
                _out.Append(node.Qualifiers);
                break;
        }
    }

    private void Right(NameNode? node)
    {
        if (node is not null && Enter())
        {
            switch (node.Kind)
            {
                case NameKind.Pointer:
                    var target = Collapse(node, out _);
                    if (Declarator(target) is not null)
                    {
                        _out.Append(')');
                    }
                    Right(target);
                    break;
                case NameKind.Type:
                    Right(node.First);
                    break;
                case NameKind.Function:
                    _out.Append('(');
                    Commas(node.List);
                    _out.Append(')');
                    Right(node.Second);
                    _out.Append(node.Qualifiers);
                    break;
                case NameKind.Array:
                    _out.Append(_out.Length > 0 && _out[^1] == ']' ? "[" : " [");
                    Whole(node.Second);
                    _out.Append(']');
                    Right(node.First);
                    break;
                case NameKind.MemberPointer:
                    if (Declarator(node.Second) is not null)
                    {
                        _out.Append(')');
                    }
                    Right(node.Second);
                    break;
                case NameKind.LambdaParameter when IsAuto(node):
                    break;
                case NameKind.ParameterPack or NameKind.Forward or NameKind.LambdaParameter:
                    Right(Element(node));
                    break;
            }
        }
        _depth -= node is null ? 0 : 1;
    }

    private void PointerLeft(NameNode node)
    {
        var target = Collapse(node, out var symbol);
        Left(target);
        _out.Append(Declarator(target) switch { NameKind.Array => " (", NameKind.Function => "(", _ => "" });
        _out.Append(symbol);
    }

    private void InfixLeft(NameNode node)
    {
        // A bare ">" would end the arguments.
        var isGreater = node.Text == ">";
        _out.Append(isGreater ? "(" : "");
        Operand(node.First);
        _out.Append(node.Text);
        if (node.Qualifiers.Length > 0)
        {
            Whole(node.Second);
        }
        else
        {
            Operand(node.Second);
        }
        _out.Append(isGreater ? ")" : "");
    }

    private void Operand(NameNode? node)
    {
        var isSimple = Resolve(node) is { Kind: NameKind.Name or NameKind.Qualified or NameKind.Bracketed } plain
            && !(plain.Kind == NameKind.Name && plain.Text.Length > 0 && (char.IsAsciiDigit(plain.Text[0]) || plain.Text[0] == '-' || plain.Text is "true" or "false"));
        _out.Append(isSimple ? "" : "(");
        Whole(node);
        _out.Append(isSimple ? "" : ")");
    }

    private void Arguments(IReadOnlyList<NameNode> list)
    {
        if (_out.Length > 0 && _out[^1] == '<')
        {
            _out.Append(' ');
        }
        _out.Append('<');
        Commas(list);
        // Two of them would be read as a shift.
        _out.Append(_out[^1] == '>' ? " >" : ">");
    }

    private void Commas(IReadOnlyList<NameNode> list)
    {
        for (var i = 0; i < list.Count && !_failed; i++)
        {
            var before = _out.Length;
            _out.Append(i == 0 ? "" : ", ");
            var start = _out.Length;
            Whole(list[i]);
            if (_out.Length == start)
            {
                // A pack without elements.
                _out.Length = before;
            }
        }
    }

    private void Expand(NameNode node)
    {
        var (index, size) = (_packIndex, _packSize);
        (_packIndex, _packSize) = (NoPack, NoPack);
        var start = _out.Length;
        Whole(node.First);
        if (_packSize == NoPack)
        {
            _out.Append("...");
        }
        else if (_packSize == 0)
        {
            _out.Length = start;
        }
        else
        {
            for (var i = 1; i < _packSize && !_failed; i++)
            {
                _out.Append(", ");
                _packIndex = i;
                Whole(node.First);
            }
        }
        (_packIndex, _packSize) = (index, size);
    }

    /// <summary>What stands for a parameter: its argument, of a pack the element at hand.</summary>
    private NameNode? Element(NameNode node)
    {
        if (node.Kind != NameKind.ParameterPack)
        {
            return node.First;
        }
        if (_packSize == NoPack)
        {
            (_packIndex, _packSize) = (0, node.List.Count);
        }
        return _packIndex < node.List.Count ? node.List[_packIndex] : null;
    }

    private bool IsAuto(NameNode node) => _lambdas > 0 || node.First is null;

    private NameNode? Resolve(NameNode? node)
    {
        for (var i = 0; i < MaxDepth && (node is { Kind: NameKind.ParameterPack or NameKind.Forward } || (node is { Kind: NameKind.LambdaParameter } && !IsAuto(node))); i++)
        {
            node = Element(node);
        }
        return node;
    }

    /// <summary>Whether a type is an array or a function, constant or not: a pointer to it is written in parentheses.</summary>
    private NameKind? Declarator(NameNode? node)
    {
        node = Resolve(node);
        for (var i = 0; i < MaxDepth && node is { Kind: NameKind.Type }; i++)
        {
            node = Resolve(node.First);
        }
        return node is { Kind: NameKind.Array or NameKind.Function } ? node.Kind : null;
    }

    /// <summary>A reference to a reference is one reference, with one "&amp;" if any of them has one.</summary>
    private NameNode? Collapse(NameNode node, out string symbol)
    {
        symbol = node.Text;
        var target = node.First;
        for (var i = 0; i < MaxDepth && symbol != "*" && Resolve(target) is { Kind: NameKind.Pointer } inner && inner.Text != "*"; i++)
        {
            symbol = symbol == "&" ? symbol : inner.Text;
            target = inner.First;
        }
        return target;
    }

    private bool HasRight(NameNode? node)
    {
        for (var i = 0; i < MaxDepth; i++)
        {
            node = Resolve(node);
            switch (node?.Kind)
            {
                case NameKind.Function or NameKind.Array:
                    return true;
                case NameKind.Pointer or NameKind.Type:
                    node = node.First;
                    break;
                case NameKind.MemberPointer:
                    node = node.Second;
                    break;
                default:
                    return false;
            }
        }
        return false;
    }
}
