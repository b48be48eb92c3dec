using System.Globalization;

namespace WebVmMap.Symbols.Names;

/// <content>Expressions, as they are in signatures of templates. https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling.expressions</content>
internal sealed partial class ItaniumParser
{
    private NameNode? Expression()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }
        var node = ExpressionWithin();
        _depth--;
        return node;
    }

    private NameNode? ExpressionWithin()
    {
        switch (Next)
        {
            case 'L':
                return Literal();
            case 'T':
                return TemplateParameter();
            case 'f' when AfterNext is 'p' or 'L':
                return FunctionParameter();
            case >= '0' and <= '9':
                return UnresolvedName();
        }
        if (Take("st"))
        {
            return Type() is { } sized ? Make(NameKind.Bracketed, "sizeof (", null, null, [sized], ")") : null;
        }
        if (Take("sz"))
        {
            return Expression() is { } sized ? Make(NameKind.Prefix, "sizeof ", sized) : null;
        }
        if (Take("at"))
        {
            return Type() is { } aligned ? Make(NameKind.Bracketed, "alignof (", null, null, [aligned], ")") : null;
        }
        if (Take("sZ"))
        {
            return (Next == 'T' ? TemplateParameter() : FunctionParameter()) is { } pack ? Make(NameKind.Bracketed, "sizeof...(", null, null, [pack], ")") : null;
        }
        if (Take("sr"))
        {
            return Scope() is { } scope && UnresolvedName() is { } inScope ? Make(NameKind.Qualified, "", scope, inScope) : null;
        }
        if (Take("on"))
        {
            return OperatorName(null);
        }
        if (Take("gs"))
        {
            return Expression() is { } global ? Make(NameKind.Special, "::", global) : null;
        }
        if (Take("sp"))
        {
            return Expression() is { } pattern ? Make(NameKind.Expansion, "", pattern) : null;
        }
        if (Take("nx"))
        {
            return Expression() is { } tested ? Make(NameKind.Bracketed, "noexcept(", null, null, [tested], ")") : null;
        }
        if (Take("cl"))
        {
            return Expression() is { } callee && ExpressionsToEnd() is { } arguments ? Make(NameKind.Call, "", callee, null, arguments) : null;
        }
        if (Take("cv"))
        {
            if (Type() is not { } target)
            {
                return null;
            }
            if (Take('_'))
            {
                return ExpressionsToEnd() is { } parts ? Make(NameKind.Bracketed, "", null, null, [Make(NameKind.Call, "", target, null, parts)!]) : null;
            }
            return Expression() is { } converted ? Make(NameKind.Sequence, "", null, null, [Parenthesized(target), Parenthesized(converted)]) : null;
        }
        if (Take("tl"))
        {
            return Type() is { } built && ExpressionsToEnd() is { } values
                ? Make(NameKind.Sequence, "", null, null, [built, new NameNode(NameKind.Bracketed, "{", null, null, values) { Qualifiers = "}" }]) : null;
        }
        if (Take("il"))
        {
            return ExpressionsToEnd() is { } values ? Make(NameKind.Bracketed, "{", null, null, values, "}") : null;
        }
        if (Take("dt") || Next == 'p' && AfterNext == 't' && Take("pt"))
        {
            var access = name[_at - 2] == 'd' ? "." : "->";
            return Expression() is { } owner && UnresolvedName() is { } member ? Make(NameKind.Infix, access, owner, member, qualifiersOf: "member") : null;
        }
        if (Take("qu"))
        {
            return Expression() is { } condition && Expression() is { } yes && Expression() is { } no
                ? Make(NameKind.Sequence, "", null, null,
                    [Parenthesized(condition), new NameNode(NameKind.Name, "?"), Parenthesized(yes), new NameNode(NameKind.Name, " : "), Parenthesized(no)]) : null;
        }
        if (Take("ix"))
        {
            return Expression() is { } array && Expression() is { } index
                ? Make(NameKind.Sequence, "", null, null, [Parenthesized(array), new NameNode(NameKind.Bracketed, "[", null, null, [index]) { Qualifiers = "]" }]) : null;
        }
        if (_at + 2 > name.Length)
        {
            return null;
        }
        var letters = name.AsSpan(_at, 2);
        if (Operators.IsUnary(letters))
        {
            var symbol = Operators.Symbol(letters)!;
            _at += 2;
            // Before or behind the operand, which no reader of the name can tell apart anyway.
            if (symbol is "++" or "--")
            {
                Take('_');
            }
            return Expression() is { } operand ? Make(NameKind.Prefix, symbol, operand) : null;
        }
        if (Operators.IsBinary(letters))
        {
            var symbol = Operators.Symbol(letters)!;
            _at += 2;
            return Expression() is { } left && Expression() is { } right ? Make(NameKind.Infix, symbol, left, right) : null;
        }
        return null;
    }

    private NameNode? Make(NameKind kind, string text, NameNode first, NameNode second, string qualifiersOf) => Make(kind, text, first, second, null, qualifiersOf);

    /// <summary>A part in parentheses where it needs them; names do not.</summary>
    private static NameNode Parenthesized(NameNode node) => new(NameKind.Prefix, "", node);

    private List<NameNode>? ExpressionsToEnd()
    {
        var list = new List<NameNode>();
        while (!Take('E'))
        {
            if (Expression() is not { } one)
            {
                return null;
            }
            list.Add(one);
        }
        return list;
    }

    /// <summary>fp_ and fp0_: a parameter of the function; fpT is this.</summary>
    private NameNode? FunctionParameter()
    {
        if (Take("fpT"))
        {
            return Make(NameKind.Name, "this");
        }
        if (Take("fL"))
        {
            if (Number() is null || !Take('p'))
            {
                return null;
            }
        }
        else if (!Take("fp"))
        {
            return null;
        }
        CvQualifiers();
        return Sequence(10) is { } index ? Make(NameKind.Name, string.Create(CultureInfo.InvariantCulture, $"{{parm#{index + 1}}}")) : null;
    }

    /// <summary>What an unresolved name is in: a type, a type and names in it, or names alone; several names end with "E".</summary>
    private NameNode? Scope()
    {
        var hasType = Take('N');
        if (!hasType && !char.IsAsciiDigit(Next))
        {
            return Type();
        }
        var scope = hasType ? Type() : UnresolvedName();
        while (scope is not null && !Take('E'))
        {
            scope = UnresolvedName() is { } level ? Make(NameKind.Qualified, "", scope, level) : null;
        }
        return scope;
    }

    private NameNode? UnresolvedName()
    {
        NameNode? node;
        if (Take("on") || !char.IsAsciiDigit(Next))
        {
            node = OperatorName(null);
        }
        else
        {
            node = SourceName();
        }
        if (node is not null && Next == 'I')
        {
            var arguments = TemplateArguments(areParameters: false);
            node = arguments is null ? null : Make(NameKind.Template, "", node, null, arguments);
        }
        return node;
    }

    private NameNode? Literal()
    {
        if (!Take('L'))
        {
            return null;
        }
        if (Next == 'Z' || (Next == '_' && AfterNext == 'Z'))
        {
            Take('_');
            _at++;
            return Encoding() is { } function && Take('E') ? function : null;
        }
        var letter = Next;
        if (Type() is not { } type)
        {
            return null;
        }
        if (Take('E'))
        {
            return Make(NameKind.Literal, "", type);
        }
        var start = _at;
        while (Next is not ('E' or '\0'))
        {
            _at++;
        }
        var digits = name[start.._at];
        if (!Take('E') || digits.Length == 0)
        {
            return null;
        }
        var value = digits[0] == 'n' ? "-" + digits[1..] : digits;
        var text = letter switch
        {
            'i' => value,
            'j' => value + "u",
            'l' => value + "l",
            'm' => value + "ul",
            'x' => value + "ll",
            'y' => value + "ull",
            'b' when value is "0" or "1" => value == "1" ? "true" : "false",
            _ => null,
        };
        return text is not null && type.Kind == NameKind.Name ? Make(NameKind.Name, text) : Make(NameKind.Literal, letter is 'd' or 'e' or 'f' or 'g' ? $"[{value}]" : value, type);
    }
}
