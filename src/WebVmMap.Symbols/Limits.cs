namespace WebVmMap.Symbols;

/// <summary>What a file of any content may make the reader spend; each is far above what compilers write.</summary>
internal static class Limits
{
    /// <summary>Bytes of a name or a path, 128 times a power of 8.</summary>
    public const int NameBytes = 65536;

    /// <summary>Bytes that a compressed section may have when it is inflated.</summary>
    public const long InflatedBytes = 512L << 20;

    /// <summary>Bytes of a unit, of a line program, of a table of abbreviations.</summary>
    public const long UnitBytes = 256L << 20;

    /// <summary>Units of a file.</summary>
    public const int Units = 1_000_000;

    /// <summary>Ranges that are read for a unit, and of all units together.</summary>
    public const int Ranges = 4_000_000;

    /// <summary>Rows of a unit's line table.</summary>
    public const int LineRows = 4_000_000;

    /// <summary>Functions, inlined ones included, of a unit.</summary>
    public const int Functions = 2_000_000;

    /// <summary>How deep entries nest.</summary>
    public const int Depth = 512;

    /// <summary>Symbols of a table.</summary>
    public const int Symbols = 8_000_000;

    /// <summary>What is kept of units that were looked into, in bytes, before all of it is let go.</summary>
    public const long KeptBytes = 64L << 20;
}
