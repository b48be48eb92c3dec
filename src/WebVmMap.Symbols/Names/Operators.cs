namespace WebVmMap.Symbols.Names;

/// <summary>Operators by their two letters. https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling-operator</summary>
internal static class Operators
{
    /// <summary>How it is written; null for none.</summary>
    public static string? Symbol(ReadOnlySpan<char> letters) => letters switch
    {
        "aN" => "&=",
        "aS" => "=",
        "aa" => "&&",
        "ad" => "&",
        "an" => "&",
        "aw" => "co_await",
        "cl" => "()",
        "cm" => ",",
        "co" => "~",
        "dV" => "/=",
        "da" => "delete[]",
        "de" => "*",
        "dl" => "delete",
        "ds" => ".*",
        "dv" => "/",
        "eO" => "^=",
        "eo" => "^",
        "eq" => "==",
        "ge" => ">=",
        "gt" => ">",
        "ix" => "[]",
        "lS" => "<<=",
        "le" => "<=",
        "ls" => "<<",
        "lt" => "<",
        "mI" => "-=",
        "mL" => "*=",
        "mi" => "-",
        "ml" => "*",
        "mm" => "--",
        "na" => "new[]",
        "ne" => "!=",
        "ng" => "-",
        "nt" => "!",
        "nw" => "new",
        "oR" => "|=",
        "oo" => "||",
        "or" => "|",
        "pL" => "+=",
        "pl" => "+",
        "pm" => "->*",
        "pp" => "++",
        "ps" => "+",
        "pt" => "->",
        "qu" => "?",
        "rM" => "%=",
        "rS" => ">>=",
        "rm" => "%",
        "rs" => ">>",
        "ss" => "<=>",
        _ => null,
    };

    /// <summary>Whether it stands before one operand.</summary>
    public static bool IsUnary(ReadOnlySpan<char> letters) => letters is "ad" or "co" or "de" or "ng" or "nt" or "ps" or "pp" or "mm";

    /// <summary>Whether it stands between two operands.</summary>
    public static bool IsBinary(ReadOnlySpan<char> letters) => letters is
        "aN" or "aS" or "aa" or "an" or "cm" or "dV" or "ds" or "dv" or "eO" or "eo" or "eq" or "ge" or "gt" or "lS" or "le" or "ls" or "lt" or "mI" or "mL" or "mi"
        or "ml" or "ne" or "oR" or "oo" or "or" or "pL" or "pl" or "pm" or "rM" or "rS" or "rm" or "rs" or "ss";
}
