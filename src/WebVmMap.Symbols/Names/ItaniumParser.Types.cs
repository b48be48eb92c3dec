namespace WebVmMap.Symbols.Names;

/// <content>Types. https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling-type</content>
internal sealed partial class ItaniumParser
{
    private NameNode? Type()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }
        var node = TypeWithin();
        _depth--;
        return node;
    }

    private NameNode? TypeWithin()
    {
        if (Builtin(Next) is { } builtin)
        {
            _at++;
            return Make(NameKind.Name, builtin);
        }
        switch (Next)
        {
            case 'r' or 'V' or 'K':
                var qualifiers = CvQualifiers();
                if (Next == 'F')
                {
                    return Remember(FunctionType(qualifiers));
                }
                return Remember(Type() is { } plain ? Make(NameKind.Type, qualifiers, plain) : null);
            case 'U':
                _at++;
                if (SourceName() is not { } vendor)
                {
                    return null;
                }
                return Remember(Type() is { } extended ? Make(NameKind.Type, " " + vendor.Text, extended) : null);
            case 'u':
                _at++;
                return Remember(SourceName());
            case 'P':
                _at++;
                return Remember(Type() is { } pointee ? Make(NameKind.Pointer, "*", pointee) : null);
            case 'R':
                _at++;
                return Remember(Type() is { } referee ? Make(NameKind.Pointer, "&", referee) : null);
            case 'O':
                _at++;
                return Remember(Type() is { } moved ? Make(NameKind.Pointer, "&&", moved) : null);
            case 'C':
                _at++;
                return Remember(Type() is { } real ? Make(NameKind.Type, " _Complex", real) : null);
            case 'G':
                _at++;
                return Remember(Type() is { } imaginary ? Make(NameKind.Type, " _Imaginary", imaginary) : null);
            case 'F':
                return Remember(FunctionType(""));
            case 'A':
                return Remember(ArrayType());
            case 'M':
                _at++;
                return Remember(Type() is { } inClass && Type() is { } member ? Make(NameKind.MemberPointer, "", inClass, member) : null);
            case 'D':
                return TypeOfD();
            case 'T':
                return TypeOfT();
            case 'S' when AfterNext != 't':
                var known = Substitution();
                if (known is null || Next != 'I')
                {
                    return known;
                }
                var arguments = TemplateArguments(areParameters: false);
                return Remember(arguments is null ? null : Make(NameKind.Template, "", known, null, arguments));
            default:
                return Remember(Name(null));
        }
    }

    private NameNode? TypeOfT()
    {
        if (AfterNext is 's' or 'u' or 'e')
        {
            _at += 2;
            return Remember(Name(null));
        }
        var parameter = Remember(TemplateParameter());
        if (parameter is null || Next != 'I' || _mayReferForward)
        {
            return parameter;
        }
        var arguments = TemplateArguments(areParameters: false);
        return Remember(arguments is null ? null : Make(NameKind.Template, "", parameter, null, arguments));
    }

    private NameNode? TypeOfD()
    {
        if (AfterNext is 't' or 'T')
        {
            return Remember(Decltype());
        }
        if (Take("Dp"))
        {
            return Remember(Type() is { } pattern ? Make(NameKind.Expansion, "", pattern) : null);
        }
        if (Take("Dv"))
        {
            NameNode? size;
            if (Take('_'))
            {
                size = Expression();
            }
            else
            {
                size = Number() is { } lanes ? Make(NameKind.Name, lanes.ToString(System.Globalization.CultureInfo.InvariantCulture)) : null;
            }
            return Remember(size is not null && Take('_') && Type() is { } element
                ? Make(NameKind.Sequence, "", null, null, [element, new NameNode(NameKind.Name, " __vector("), size, new NameNode(NameKind.Name, ")")]) : null);
        }
        if (AfterNext is 'o' or 'O' or 'w' or 'x')
        {
            return Remember(FunctionType(""));
        }
        if (Take("DF"))
        {
            return Number() is { } bits && Take('_') ? Make(NameKind.Name, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"_Float{bits}")) : null;
        }
        var text = AfterNext switch
        {
            'a' => "auto",
            'c' => "decltype(auto)",
            'd' => "decimal64",
            'e' => "decimal128",
            'f' => "decimal32",
            'h' => "half",
            'i' => "char32_t",
            'n' => "decltype(nullptr)",
            's' => "char16_t",
            'u' => "char8_t",
            _ => null,
        };
        _at += 2;
        return text is null ? null : Make(NameKind.Name, text);
    }

    private NameNode? Decltype()
    {
        _at += 2;
        return Expression() is { } of && Take('E') ? Make(NameKind.Bracketed, "decltype (", null, null, [of], ")") : null;
    }

    private NameNode? FunctionType(string qualifiers)
    {
        var exceptions = "";
        if (Take("Do"))
        {
            exceptions = " noexcept";
        }
        else if (Next == 'D')
        {
            return null;
        }
        Take("Dx");
        if (!Take('F'))
        {
            return null;
        }
        Take('Y');
        var returned = Type();
        var parameters = returned is null ? null : Parameters(() => Next == 'E' || (Next is 'R' or 'O' && AfterNext == 'E'));
        qualifiers += Take('R') ? " &" : Take('O') ? " &&" : "";
        return parameters is not null && Take('E') ? Make(NameKind.Function, "", null, returned, parameters, qualifiers + exceptions) : null;
    }

    private NameNode? ArrayType()
    {
        Take('A');
        NameNode? size = null;
        if (char.IsAsciiDigit(Next))
        {
            var start = _at;
            if (Number() is null)
            {
                return null;
            }
            size = Make(NameKind.Name, name[start.._at]);
        }
        else if (Next != '_')
        {
            size = Expression();
            if (size is null)
            {
                return null;
            }
        }
        return Take('_') && Type() is { } element ? Make(NameKind.Array, "", element, size) : null;
    }

    private static string? Builtin(char letter) => letter switch
    {
        'a' => "signed char",
        'b' => "bool",
        'c' => "char",
        'd' => "double",
        'e' => "long double",
        'f' => "float",
        'g' => "__float128",
        'h' => "unsigned char",
        'i' => "int",
        'j' => "unsigned int",
        'l' => "long",
        'm' => "unsigned long",
        'n' => "__int128",
        'o' => "unsigned __int128",
        's' => "short",
        't' => "unsigned short",
        'v' => "void",
        'w' => "wchar_t",
        'x' => "long long",
        'y' => "unsigned long long",
        'z' => "...",
        _ => null,
    };
}
