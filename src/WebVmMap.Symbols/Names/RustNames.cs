using System.Globalization;
using System.Text;

namespace WebVmMap.Symbols.Names;

/// <summary>
/// Names of Rust, in both forms: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html, and the older one, which borrows that of C++
/// and ends with a hash. Hashes and crate disambiguators are left out.
/// </summary>
internal ref struct RustNames
{
    private const int MaxDepth = 128;
    private const int MaxLength = 32768;

    /// <summary>Work that a short name may ask for by referring back to parts of itself over and over.</summary>
    private const int MaxSteps = 50_000;

    private readonly ReadOnlySpan<char> _name;
    private readonly StringBuilder _out = new();
    private int _at;
    private int _depth;
    private int _steps;
    private bool _failed;
    private bool _silent;
    private int _boundLifetimes;

    private RustNames(ReadOnlySpan<char> name) => _name = name;

    /// <summary>Demangles a name that begins with "_R".</summary>
    /// <returns>Null when it is not understood.</returns>
    public static string? Demangle(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var parser = new RustNames(name.AsSpan(2, (dot < 0 ? name.Length : dot) - 2));
        parser.Path(inValue: true);
        if (!parser._failed && parser._at < parser._name.Length)
        {
            // The crate that a generic was made for.
            parser._silent = true;
            parser.Path(inValue: false);
        }
        return parser._failed || parser._at != parser._name.Length ? null : parser._out.ToString();
    }

    /// <summary>Demangles a name of the older form: _ZN, parts with their lengths, a hash, E.</summary>
    /// <returns>Null when it is none, as all names of C++.</returns>
    public static string? DemangleLegacy(string name)
    {
        const int HashPart = 20; // "17h", 16 digits, "E"
        var end = name.IndexOf('.', name.LastIndexOf("17h", StringComparison.Ordinal) is var hash and > 0 ? hash : 0);
        var whole = name.AsSpan(0, end < 0 ? name.Length : end);
        if (!whole.StartsWith("_ZN") || whole.Length < HashPart + 4 || whole[^1] != 'E' || !whole[^HashPart..].StartsWith("17h"))
        {
            return null;
        }
        foreach (var digit in whole[^17..^1])
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return null;
            }
        }
        var parts = whole[3..^HashPart];
        var text = new StringBuilder();
        while (parts.Length > 0)
        {
            var digits = 0;
            while (digits < parts.Length && char.IsAsciiDigit(parts[digits]))
            {
                digits++;
            }
            if (!int.TryParse(parts[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0 || length > parts.Length - digits)
            {
                return null;
            }
            text.Append(text.Length == 0 ? "" : "::");
            AppendLegacy(text, parts.Slice(digits, length));
            parts = parts[(digits + length)..];
        }
        return text.ToString();
    }

    private static void AppendLegacy(StringBuilder text, ReadOnlySpan<char> part)
    {
        if (part.StartsWith("_$"))
        {
            part = part[1..];
        }
        while (part.Length > 0)
        {
            if (part.StartsWith(".."))
            {
                text.Append("::");
                part = part[2..];
                continue;
            }
            var close = part[0] == '$' ? part[1..].IndexOf('$') : -1;
            var escaped = close < 0 ? null : Escaped(part.Slice(1, close));
            if (escaped is null)
            {
                text.Append(part[0]);
                part = part[1..];
                continue;
            }
            text.Append(escaped);
            part = part[(close + 2)..];
        }
    }

    private static string? Escaped(ReadOnlySpan<char> code) => code switch
    {
        "SP" => "@",
        "BP" => "*",
        "RF" => "&",
        "LT" => "<",
        "GT" => ">",
        "LP" => "(",
        "RP" => ")",
        "C" => ",",
        _ => code.Length is > 1 and < 8 && code[0] == 'u' && int.TryParse(code[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter)
            && Rune.IsValid(letter) && letter >= ' ' ? new Rune(letter).ToString() : null,
    };

    private readonly char Next => _at < _name.Length ? _name[_at] : '\0';

    private bool Take(char wanted)
    {
        if (Next != wanted)
        {
            return false;
        }
        _at++;
        return true;
    }

    private char TakeAny()
    {
        if (_at < _name.Length)
        {
            return _name[_at++];
        }
        _failed = true;
        return '\0';
    }

    private void Write(ReadOnlySpan<char> text)
    {
        if (!_silent)
        {
            _out.Append(text);
            _failed |= _out.Length > MaxLength;
        }
    }

    private void Write(ulong number) => Write(number.ToString(CultureInfo.InvariantCulture));

    private bool Enter()
    {
        _failed |= ++_depth > MaxDepth || ++_steps > MaxSteps;
        return !_failed;
    }

    /// <summary>"_" is 0, "0_" is 1 and so on to base 62.</summary>
    private ulong Base62()
    {
        if (Take('_'))
        {
            return 0;
        }
        ulong value = 0;
        for (var digits = 0; !Take('_'); digits++)
        {
            var c = TakeAny();
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterLower(c) ? c - 'a' + 10 : char.IsAsciiLetterUpper(c) ? c - 'A' + 36 : -1;
            if (digit < 0 || digits > 11)
            {
                _failed = true;
                return 0;
            }
            value = unchecked(value * 62 + (ulong)digit);
        }
        return value + 1;
    }

    private ulong Optional62(char tag) => Take(tag) ? Base62() + 1 : 0;

    /// <summary>A name, with letters beyond ASCII in Punycode.</summary>
    private string Identifier(out ulong disambiguator)
    {
        disambiguator = Optional62('s');
        var isPunycode = Take('u');
        var length = 0;
        if (!char.IsAsciiDigit(Next))
        {
            _failed = true;
            return "";
        }
        if (!Take('0'))
        {
            while (char.IsAsciiDigit(Next) && length < MaxLength)
            {
                length = length * 10 + (TakeAny() - '0');
            }
        }
        Take('_');
        if (length > _name.Length - _at)
        {
            _failed = true;
            return "";
        }
        var text = _name.Slice(_at, length).ToString();
        _at += length;
        return isPunycode ? Punycode.Decode(text) ?? $"punycode{{{text}}}" : text;
    }

    private void Path(bool inValue)
    {
        if (Enter())
        {
            switch (TakeAny())
            {
                case 'C':
                    Write(Identifier(out _));
                    break;
                case 'N':
                    Nested(inValue);
                    break;
                case 'M':
                    ImplPath();
                    Write("<");
                    Type();
                    Write(">");
                    break;
                case 'X':
                    ImplPath();
                    AsTrait();
                    break;
                case 'Y':
                    AsTrait();
                    break;
                case 'I':
                    Path(inValue);
                    Write(inValue ? "::<" : "<");
                    GenericArguments();
                    Write(">");
                    break;
                case 'B':
                    BackReference((ref RustNames names) => names.Path(inValue));
                    break;
                default:
                    _failed = true;
                    break;
            }
        }
        _depth--;
    }

    private void Nested(bool inValue)
    {
        var space = TakeAny();
        Path(inValue);
        var name = Identifier(out var disambiguator);
        if (char.IsAsciiLetterUpper(space))
        {
            Write("::{");
            Write(space switch { 'C' => "closure", 'S' => "shim", _ => space.ToString() });
            Write(name.Length == 0 ? "" : ":");
            Write(name);
            Write("#");
            Write(disambiguator);
            Write("}");
        }
        else if (name.Length > 0)
        {
            Write("::");
            Write(name);
        }
    }

    private void ImplPath()
    {
        var silent = _silent;
        _silent = true;
        Optional62('s');
        Path(inValue: false);
        _silent = silent;
    }

    private void AsTrait()
    {
        Write("<");
        Type();
        Write(" as ");
        Path(inValue: false);
        Write(">");
    }

    private void GenericArguments()
    {
        for (var i = 0; !_failed && !Take('E'); i++)
        {
            Write(i == 0 ? "" : ", ");
            if (Take('L'))
            {
                Lifetime(Base62());
            }
            else if (Take('K'))
            {
                Const();
            }
            else
            {
                Type();
            }
        }
    }

    private void Lifetime(ulong index)
    {
        if (index == 0)
        {
            Write("'_");
            return;
        }
        var depth = (ulong)_boundLifetimes - index;
        if (index > (ulong)_boundLifetimes)
        {
            _failed = true;
        }
        else if (depth < 26)
        {
            Write($"'{(char)('a' + depth)}");
        }
        else
        {
            Write("'_");
            Write(depth);
        }
    }

    private delegate void Reader(ref RustNames names);

    private void BackReference(Reader read)
    {
        var start = _at - 1;
        var to = Base62();
        if (to >= (ulong)start)
        {
            _failed = true;
            return;
        }
        if (_silent || _failed)
        {
            return;
        }
        var back = _at;
        _at = (int)to;
        read(ref this);
        _at = back;
    }

    private static string? Basic(char tag) => tag switch
    {
        'a' => "i8",
        'b' => "bool",
        'c' => "char",
        'd' => "f64",
        'e' => "str",
        'f' => "f32",
        'h' => "u8",
        'i' => "isize",
        'j' => "usize",
        'l' => "i32",
        'm' => "u32",
        'n' => "i128",
        'o' => "u128",
        'p' => "_",
        's' => "i16",
        't' => "u16",
        'u' => "()",
        'v' => "...",
        'x' => "i64",
        'y' => "u64",
        'z' => "!",
        _ => null,
    };

    private void Type()
    {
        if (Enter())
        {
            TypeWithin();
        }
        _depth--;
    }

    private void TypeWithin()
    {
        var tag = TakeAny();
        if (Basic(tag) is { } basic)
        {
            Write(basic);
            return;
        }
        switch (tag)
        {
            case 'R' or 'Q':
                Write("&");
                if (Take('L') && Base62() is var lifetime and > 0)
                {
                    Lifetime(lifetime);
                    Write(" ");
                }
                Write(tag == 'Q' ? "mut " : "");
                Type();
                break;
            case 'P':
                Write("*const ");
                Type();
                break;
            case 'O':
                Write("*mut ");
                Type();
                break;
            case 'A':
                Write("[");
                Type();
                Write("; ");
                Const();
                Write("]");
                break;
            case 'S':
                Write("[");
                Type();
                Write("]");
                break;
            case 'T':
                Write("(");
                var count = 0;
                for (; !_failed && !Take('E'); count++)
                {
                    Write(count == 0 ? "" : ", ");
                    Type();
                }
                Write(count == 1 ? ",)" : ")");
                break;
            case 'F':
                FunctionType();
                break;
            case 'D':
                Dynamic();
                break;
            case 'B':
                BackReference((ref RustNames names) => names.Type());
                break;
            default:
                _at--;
                Path(inValue: false);
                break;
        }
    }

    private int Binder()
    {
        var count = Optional62('G');
        if (count > 100)
        {
            _failed = true;
            return 0;
        }
        if (count > 0)
        {
            Write("for<");
            for (ulong i = 0; i < count; i++)
            {
                Write(i == 0 ? "" : ", ");
                _boundLifetimes++;
                Lifetime(1);
            }
            Write("> ");
        }
        return (int)count;
    }

    private void FunctionType()
    {
        var bound = Binder();
        Write(Take('U') ? "unsafe " : "");
        if (Take('K'))
        {
            Write("extern \"");
            Write(Take('C') ? "C" : Identifier(out _).Replace('_', '-'));
            Write("\" ");
        }
        Write("fn(");
        for (var i = 0; !_failed && !Take('E'); i++)
        {
            Write(i == 0 ? "" : ", ");
            Type();
        }
        Write(")");
        if (!Take('u'))
        {
            Write(" -> ");
            Type();
        }
        _boundLifetimes -= bound;
    }

    private void Dynamic()
    {
        Write("dyn ");
        var bound = Binder();
        for (var i = 0; !_failed && !Take('E'); i++)
        {
            Write(i == 0 ? "" : " + ");
            DynamicTrait();
        }
        _boundLifetimes -= bound;
        if (!Take('L'))
        {
            _failed = true;
            return;
        }
        if (Base62() is var lifetime and > 0)
        {
            Write(" + ");
            Lifetime(lifetime);
        }
    }

    private void DynamicTrait()
    {
        var isOpen = OpenPath();
        while (!_failed && Take('p'))
        {
            Write(isOpen ? ", " : "<");
            isOpen = true;
            Write(Identifier(out _));
            Write(" = ");
            Type();
        }
        Write(isOpen ? ">" : "");
    }

    /// <summary>A path whose arguments stay open for what is said of associated types.</summary>
    private bool OpenPath()
    {
        if (Take('B'))
        {
            var isOpen = false;
            var start = _at - 1;
            var to = Base62();
            if (to >= (ulong)start || ++_steps > MaxSteps || ++_depth > MaxDepth)
            {
                _failed = true;
                return false;
            }
            if (!_silent && !_failed)
            {
                var back = _at;
                _at = (int)to;
                isOpen = OpenPath();
                _at = back;
            }
            _depth--;
            return isOpen;
        }
        if (Take('I'))
        {
            Path(inValue: false);
            Write("<");
            GenericArguments();
            return true;
        }
        Path(inValue: false);
        return false;
    }

    private void Const()
    {
        if (!Enter())
        {
            _depth--;
            return;
        }
        var tag = TakeAny();
        switch (tag)
        {
            case 'p':
                Write("_");
                break;
            case 'B':
                BackReference((ref RustNames names) => names.Const());
                break;
            case 'h' or 't' or 'm' or 'y' or 'o' or 'j':
                ConstNumber(Hex());
                break;
            case 'a' or 's' or 'l' or 'x' or 'n' or 'i':
                Write(Take('n') ? "-" : "");
                ConstNumber(Hex());
                break;
            case 'b':
                Write(Hex() is "1" ? "true" : "false");
                break;
            case 'c':
                if (uint.TryParse(Hex(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter) && Rune.IsValid(letter))
                {
                    Write($"'{new Rune(letter)}'");
                }
                else
                {
                    _failed = true;
                }
                break;
            default:
                _failed = true;
                break;
        }
        _depth--;
    }

    private ReadOnlySpan<char> Hex()
    {
        var start = _at;
        while (!_failed && !Take('_'))
        {
            _failed |= !char.IsAsciiHexDigitLower(TakeAny());
        }
        return _failed ? [] : _name[start..(_at - 1)];
    }

    private void ConstNumber(ReadOnlySpan<char> hex)
    {
        if (hex.Length == 0)
        {
            Write("0");
        }
        else if (ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
        {
            Write(number);
        }
        else
        {
            Write("0x");
            Write(hex);
        }
    }
}
