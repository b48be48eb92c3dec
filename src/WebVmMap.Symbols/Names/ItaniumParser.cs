using System.Globalization;

namespace WebVmMap.Symbols.Names;

/// <summary>
/// Reads a name of the C++ ABI that gcc and clang share. https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling
/// Every method returns null where the name is not understood.
/// </summary>
internal sealed partial class ItaniumParser(string name)
{
    private const int MaxDepth = 256;
    private const int MaxNodes = 20_000;

    private static readonly NameNode s_std = new(NameKind.Name, "std");

    private readonly List<NameNode> _substitutions = [];
    private readonly List<NameNode> _forward = [];
    private List<NameNode> _templateArguments = [];
    private NameNode? _lastName;
    private int _at;
    private int _depth;
    private int _nodes;
    private int _lambdas;
    private bool _mayReferForward;

    private char Next => _at < name.Length ? name[_at] : '\0';

    private char AfterNext => _at + 1 < name.Length ? name[_at + 1] : '\0';

    /// <summary>Reads the whole name, "_Z" and what compilers append to copies included.</summary>
    /// <param name="clones">What compilers appended, as ".cold".</param>
    public NameNode? Parse(out string clones)
    {
        clones = "";
        if (!Take("_Z"))
        {
            return null;
        }
        var encoding = Encoding();
        if (encoding is null)
        {
            return null;
        }
        while (Next == '.' && (char.IsAsciiLetterLower(AfterNext) || AfterNext == '_' || char.IsAsciiDigit(AfterNext)))
        {
            var start = _at++;
            if (char.IsAsciiDigit(Next))
            {
                SkipDigits();
            }
            while (char.IsAsciiLetterLower(Next) || Next == '_')
            {
                _at++;
            }
            while (Next == '.' && char.IsAsciiDigit(AfterNext))
            {
                _at++;
                SkipDigits();
            }
            clones += $" [clone {name[start.._at]}]";
        }
        return _at == name.Length ? encoding : null;

        void SkipDigits()
        {
            while (char.IsAsciiDigit(Next))
            {
                _at++;
            }
        }
    }

    private bool Take(char wanted)
    {
        if (Next != wanted)
        {
            return false;
        }
        _at++;
        return true;
    }

    private bool Take(string wanted)
    {
        if (string.CompareOrdinal(name, _at, wanted, 0, wanted.Length) != 0)
        {
            return false;
        }
        _at += wanted.Length;
        return true;
    }

    private NameNode? Make(NameKind kind, string text = "", NameNode? first = null, NameNode? second = null, IReadOnlyList<NameNode>? list = null, string qualifiers = "") =>
        ++_nodes > MaxNodes ? null : new NameNode(kind, text, first, second, list) { Qualifiers = qualifiers };

    private NameNode? Remember(NameNode? node)
    {
        if (node is not null)
        {
            _substitutions.Add(node);
        }
        return node;
    }

    /// <summary>Digits; null for none, or for more than any name has.</summary>
    private int? Number()
    {
        var start = _at;
        var value = 0;
        while (char.IsAsciiDigit(Next))
        {
            value = value * 10 + (Next - '0');
            _at++;
            if (value > 1 << 24)
            {
                return null;
            }
        }
        return _at == start ? null : value;
    }

    /// <summary>"_" is 0, "0_" is 1 and so on; in digits, or with letters to base 36.</summary>
    private int? Sequence(int radix)
    {
        if (Take('_'))
        {
            return 0;
        }
        var value = 0;
        for (var digits = 0; digits < 6; digits++)
        {
            var c = Next;
            if (c == '_' && digits > 0)
            {
                _at++;
                return value + 1;
            }
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterUpper(c) ? c - 'A' + 10 : radix;
            if (digit >= radix)
            {
                return null;
            }
            value = value * radix + digit;
            _at++;
        }
        return null;
    }

    private NameNode? Encoding()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }
        var arguments = _templateArguments;
        _templateArguments = [];
        var node = Next is 'T' or 'G' ? Special() : FunctionOrVariable();
        _templateArguments = arguments;
        _depth--;
        return node;
    }

    private NameNode? FunctionOrVariable()
    {
        var traits = new NameTraits();
        var forwardBefore = _forward.Count;
        var entity = Name(traits);
        if (entity is null || !ResolveForward(forwardBefore))
        {
            return null;
        }
        if (AtEndOfEncoding)
        {
            return entity;
        }
        NameNode? returned = null;
        if (traits.EndsWithTemplateArguments && !traits.IsCtorDtorOrConversion)
        {
            returned = Type();
            if (returned is null)
            {
                return null;
            }
        }
        var parameters = Parameters(() => AtEndOfEncoding);
        return parameters is null ? null : Make(NameKind.Encoding, "", entity, returned, parameters, traits.Qualifiers);
    }

    private bool AtEndOfEncoding => Next is '\0' or 'E' or '.';

    private bool ResolveForward(int from)
    {
        for (var i = from; i < _forward.Count; i++)
        {
            var index = int.Parse(_forward[i].Text, CultureInfo.InvariantCulture);
            if (index < _templateArguments.Count)
            {
                _forward[i].First = _templateArguments[index];
            }
            else if (_forward[i].Kind == NameKind.Forward)
            {
                return false;
            }
        }
        _forward.RemoveRange(from, _forward.Count - from);
        return true;
    }

    /// <summary>Types until an end; "v" alone for none.</summary>
    private List<NameNode>? Parameters(Func<bool> atEnd)
    {
        var types = new List<NameNode>();
        if (Next == 'v')
        {
            _at++;
            return atEnd() ? types : null;
        }
        do
        {
            if (Type() is not { } type)
            {
                return null;
            }
            types.Add(type);
        }
        while (!atEnd() && _at < name.Length);
        return types;
    }

    private NameNode? Special()
    {
        if (Take("TV")) { return Before("vtable for ", Type()); }
        if (Take("TT")) { return Before("VTT for ", Type()); }
        if (Take("TI")) { return Before("typeinfo for ", Type()); }
        if (Take("TS")) { return Before("typeinfo name for ", Type()); }
        if (Take("TH")) { return Before("TLS init function for ", Name(new NameTraits())); }
        if (Take("TW")) { return Before("TLS wrapper function for ", Name(new NameTraits())); }
        if (Take("TA")) { return Before("template parameter object for ", TemplateArgument()); }
        if (Take("Th")) { return CallOffset('h') ? Before("non-virtual thunk to ", Encoding()) : null; }
        if (Take("Tv")) { return CallOffset('v') ? Before("virtual thunk to ", Encoding()) : null; }
        if (Take("Tc")) { return CallOffset() && CallOffset() ? Before("covariant return thunk to ", Encoding()) : null; }
        if (Take("TC"))
        {
            var derived = Type();
            return derived is not null && Number() is not null && Take('_') && Type() is { } from
                ? Make(NameKind.SpecialIn, "construction vtable for ", from, derived) : null;
        }
        if (Take("GV")) { return Before("guard variable for ", Name(new NameTraits())); }
        if (Take("GA")) { return Before("hidden alias for ", Encoding()); }
        if (Take("GTt")) { return Before("transaction clone for ", Encoding()); }
        if (Take("GTn")) { return Before("non-transaction clone for ", Encoding()); }
        if (Take("GR"))
        {
            var of = Name(new NameTraits());
            return of is not null && (Next == '\0' || Sequence(36) is not null)
                ? Before("reference temporary #0 for ", of) : null;
        }
        return null;

        NameNode? Before(string text, NameNode? of) => of is null ? null : Make(NameKind.Special, text, of);
    }

    private bool CallOffset(char kind = '\0')
    {
        kind = kind != '\0' ? kind : Take('h') ? 'h' : Take('v') ? 'v' : '\0';
        return kind switch { 'h' => Signed(), 'v' => Signed() && Signed(), _ => false };

        bool Signed()
        {
            Take('n');
            return Number() is not null && Take('_');
        }
    }

    private NameNode? Name(NameTraits? traits)
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }
        var node = Next switch { 'N' => NestedName(traits), 'Z' => LocalName(traits), _ => UnscopedName(traits) };
        _depth--;
        return node;
    }

    private NameNode? UnscopedName(NameTraits? traits)
    {
        NameNode? node;
        if (Next == 'S' && AfterNext != 't')
        {
            node = Substitution();
            if (Next != 'I')
            {
                return null;
            }
        }
        else
        {
            var isStd = Take("St");
            node = UnqualifiedName(traits);
            if (isStd && node is not null)
            {
                node = Make(NameKind.Qualified, "", s_std, node);
            }
            if (Next == 'I')
            {
                Remember(node);
            }
        }
        if (node is not null && Next == 'I')
        {
            var arguments = TemplateArguments(traits is not null);
            if (traits is not null)
            {
                traits.EndsWithTemplateArguments = true;
            }
            return arguments is null ? null : Make(NameKind.Template, "", node, null, arguments);
        }
        return node;
    }

    private NameNode? LocalName(NameTraits? traits)
    {
        if (!Take('Z') || Encoding() is not { } whole || !Take('E'))
        {
            return null;
        }
        var function = WithoutReturn(whole);
        if (Take('s'))
        {
            Discriminator();
            return Make(NameKind.Qualified, "", function, new NameNode(NameKind.Name, "string literal"));
        }
        if (Take('d'))
        {
            var number = Sequence(10);
            if (number is null || Name(traits) is not { } inDefault)
            {
                return null;
            }
            var argument = new NameNode(NameKind.Name, string.Create(CultureInfo.InvariantCulture, $"{{default arg#{number + 1}}}"));
            return Make(NameKind.Qualified, "", Make(NameKind.Qualified, "", function, argument), inDefault);
        }
        var entity = Name(traits);
        Discriminator();
        return entity is null ? null : Make(NameKind.Qualified, "", function, entity);
    }

    /// <summary>What the function around returns is left out, as binutils does: it would be taken for the type of what is inside.</summary>
    private static NameNode WithoutReturn(NameNode function) =>
        function is { Kind: NameKind.Encoding, Second: not null }
            ? new NameNode(NameKind.Encoding, "", function.First, null, function.List) { Qualifiers = function.Qualifiers }
            : function;

    private void Discriminator()
    {
        if (Next == '_' && AfterNext == '_')
        {
            _at += 2;
            _ = Number();
            Take('_');
        }
        else if (Next == '_' && char.IsAsciiDigit(AfterNext))
        {
            _at += 2;
        }
    }

    private NameNode? NestedName(NameTraits? traits)
    {
        if (!Take('N'))
        {
            return null;
        }
        var qualifiers = CvQualifiers();
        qualifiers += Take('O') ? " &&" : Take('R') ? " &" : "";
        if (traits is not null)
        {
            traits.Qualifiers = qualifiers;
        }
        NameNode? soFar = null;
        while (!Take('E'))
        {
            if (traits is not null)
            {
                traits.EndsWithTemplateArguments = false;
            }
            switch (Next)
            {
                case 'T' when soFar is null:
                    soFar = TemplateParameter();
                    break;
                case 'I' when soFar is not null:
                    var arguments = TemplateArguments(traits is not null);
                    soFar = arguments is null ? null : Make(NameKind.Template, "", soFar, null, arguments);
                    if (traits is not null)
                    {
                        traits.EndsWithTemplateArguments = true;
                    }
                    break;
                case 'D' when AfterNext is 't' or 'T' && soFar is null:
                    soFar = Decltype();
                    break;
                case 'S' when soFar is null:
                    // Not to be remembered anew.
                    soFar = Take("St") ? s_std : Substitution();
                    if (soFar is null)
                    {
                        return null;
                    }
                    continue;
                default:
                    var part = UnqualifiedName(traits);
                    soFar = part is null ? null : soFar is null ? part : Make(NameKind.Qualified, "", soFar, part);
                    break;
            }
            if (soFar is null)
            {
                return null;
            }
            Remember(soFar);
            Take('M');
        }
        if (soFar is null || _substitutions.Count == 0)
        {
            return null;
        }
        // The whole name is no part that others refer to.
        _substitutions.RemoveAt(_substitutions.Count - 1);
        return soFar;
    }

    private string CvQualifiers()
    {
        var (restrict, isVolatile, isConst) = (Take('r'), Take('V'), Take('K'));
        return (isConst ? " const" : "") + (isVolatile ? " volatile" : "") + (restrict ? " __restrict" : "");
    }

    private NameNode? UnqualifiedName(NameTraits? traits)
    {
        Take('L');
        NameNode? node;
        if (char.IsAsciiDigit(Next))
        {
            node = SourceName();
            _lastName = node;
        }
        else if (Next == 'U')
        {
            node = Unnamed();
        }
        else if (Next is 'C' && (AfterNext is >= '1' and <= '5' or 'I') || Next == 'D' && AfterNext is '0' or '1' or '2' or '4' or '5' && Next == 'D')
        {
            node = CtorOrDtor(traits);
        }
        else if (Take("DC"))
        {
            var names = new List<NameNode>();
            while (!Take('E'))
            {
                if (SourceName() is not { } bound)
                {
                    return null;
                }
                names.Add(bound);
            }
            node = Make(NameKind.Bracketed, "[", null, null, names, "]");
        }
        else
        {
            node = OperatorName(traits);
        }
        while (node is not null && Take('B'))
        {
            node = Number() is { } length && Text(length) is { } tag ? Make(NameKind.Tagged, tag, node) : null;
        }
        return node;
    }

    private string? Text(int length)
    {
        if (length == 0 || length > name.Length - _at)
        {
            return null;
        }
        _at += length;
        return name.Substring(_at - length, length);
    }

    private NameNode? SourceName()
    {
        var text = Number() is { } length ? Text(length) : null;
        return text is null ? null
            : Make(NameKind.Name, text.StartsWith("_GLOBAL__N", StringComparison.Ordinal) || text.StartsWith("_GLOBAL_.N", StringComparison.Ordinal)
                || text.StartsWith("_GLOBAL_$N", StringComparison.Ordinal) ? "(anonymous namespace)" : text);
    }

    private NameNode? CtorOrDtor(NameTraits? traits)
    {
        if (traits is not null)
        {
            traits.IsCtorDtorOrConversion = true;
        }
        var isDtor = Next == 'D';
        var inherits = AfterNext == 'I';
        _at += inherits ? 3 : 2;
        // One that is inherited (by "using Base::Base") has the base's name, which is then the last that was read.
        if ((inherits && Type() is null) || _lastName is not { } last)
        {
            return null;
        }
        return isDtor ? Make(NameKind.Destructor, "", last) : last;
    }

    private NameNode? Unnamed()
    {
        if (Take("Ut"))
        {
            return Sequence(10) is { } number ? Make(NameKind.Name, string.Create(CultureInfo.InvariantCulture, $"{{unnamed type#{number + 1}}}")) : null;
        }
        if (!Take("Ul"))
        {
            return null;
        }
        _lambdas++;
        var parameters = Parameters(() => Next == 'E');
        _lambdas--;
        return parameters is not null && Take('E') && Sequence(10) is { } which
            ? Make(NameKind.Lambda, (which + 1).ToString(CultureInfo.InvariantCulture), null, null, parameters) : null;
    }

    private NameNode? OperatorName(NameTraits? traits)
    {
        if (Take("cv"))
        {
            var mayRefer = _mayReferForward;
            _mayReferForward |= traits is not null;
            var type = Type();
            _mayReferForward = mayRefer;
            if (traits is not null)
            {
                traits.IsCtorDtorOrConversion = true;
            }
            return type is null ? null : Make(NameKind.Conversion, "", type);
        }
        if (Take("li"))
        {
            return SourceName() is { } suffix ? Make(NameKind.Special, "operator\"\" ", suffix) : null;
        }
        if (Next == 'v' && char.IsAsciiDigit(AfterNext))
        {
            _at += 2;
            return SourceName() is { } vendor ? Make(NameKind.Special, "operator ", vendor) : null;
        }
        if (_at + 2 <= name.Length && Operators.Symbol(name.AsSpan(_at, 2)) is { } symbol)
        {
            _at += 2;
            return Make(NameKind.Name, char.IsAsciiLetterLower(symbol[0]) ? $"operator {symbol}" : $"operator{symbol}");
        }
        return null;
    }

    private NameNode? Substitution()
    {
        if (!Take('S'))
        {
            return null;
        }
        var (text, last) = Next switch
        {
            'a' => ("allocator", "allocator"),
            'b' => ("basic_string", "basic_string"),
            's' => ("string", "basic_string"),
            'i' => ("istream", "basic_istream"),
            'o' => ("ostream", "basic_ostream"),
            'd' => ("iostream", "basic_iostream"),
            _ => ("", ""),
        };
        if (text.Length > 0)
        {
            _at++;
            _lastName = new NameNode(NameKind.Name, last);
            if (Next is 'C' or 'D' && text != last)
            {
                // The name of a constructor is that of the template, so the class is written so too.
                text = last + (text == "string" ? "<char, std::char_traits<char>, std::allocator<char> >" : "<char, std::char_traits<char> >");
            }
            var node = Make(NameKind.Qualified, "", s_std, new NameNode(NameKind.Name, text));
            if (Next != 'B')
            {
                return node;
            }
            while (node is not null && Take('B'))
            {
                node = Number() is { } length && Text(length) is { } tag ? Make(NameKind.Tagged, tag, node) : null;
            }
            return Remember(node);
        }
        return Sequence(36) is { } index && index < _substitutions.Count ? _substitutions[index] : null;
    }

    private NameNode? TemplateParameter()
    {
        if (!Take('T') || Sequence(10) is not { } index)
        {
            return null;
        }
        if (_lambdas == 0 && index < _templateArguments.Count)
        {
            return _templateArguments[index];
        }
        var kind = _lambdas > 0 ? NameKind.LambdaParameter : NameKind.Forward;
        if ((_lambdas == 0 && !_mayReferForward) || Make(kind, index.ToString(CultureInfo.InvariantCulture)) is not { } forward)
        {
            return null;
        }
        _forward.Add(forward);
        return forward;
    }

    /// <param name="areParameters">Whether parameters of the function are told by these.</param>
    private List<NameNode>? TemplateArguments(bool areParameters)
    {
        if (!Take('I') && !Take('J'))
        {
            return null;
        }
        var arguments = new List<NameNode>();
        var parameters = new List<NameNode>();
        var lastName = _lastName;
        while (!Take('E'))
        {
            if (TemplateArgument() is not { } argument)
            {
                return null;
            }
            arguments.Add(argument);
            parameters.Add(argument.Kind == NameKind.ArgumentPack ? new NameNode(NameKind.ParameterPack, "", null, null, argument.List) : argument);
        }
        _lastName = lastName;
        if (areParameters)
        {
            _templateArguments = parameters;
        }
        return arguments;
    }

    private NameNode? TemplateArgument()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }
        NameNode? node;
        switch (Next)
        {
            case 'X':
                _at++;
                node = Expression();
                node = node is not null && Take('E') ? node : null;
                break;
            case 'L':
                node = Literal();
                break;
            case 'J':
                var list = TemplateArguments(areParameters: false);
                node = list is null ? null : Make(NameKind.ArgumentPack, "", null, null, list);
                break;
            default:
                node = Type();
                break;
        }
        _depth--;
        return node;
    }

    private sealed class NameTraits
    {
        public bool IsCtorDtorOrConversion { get; set; }

        public bool EndsWithTemplateArguments { get; set; }

        public string Qualifiers { get; set; } = "";
    }
}
