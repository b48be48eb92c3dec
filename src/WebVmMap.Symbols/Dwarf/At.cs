namespace WebVmMap.Symbols.Dwarf;

/// <summary>Attributes that matter here. DWARF 5, table 7.5.</summary>
internal static class At
{
    public const int Sibling = 0x01;
    public const int Name = 0x03;
    public const int StmtList = 0x10;
    public const int LowPc = 0x11;
    public const int HighPc = 0x12;
    public const int Language = 0x13;
    public const int CompDir = 0x1b;
    public const int AbstractOrigin = 0x31;
    public const int Declaration = 0x3c;
    public const int Specification = 0x47;
    public const int Ranges = 0x55;
    public const int CallFile = 0x58;
    public const int CallLine = 0x59;
    public const int LinkageName = 0x6e;
    public const int StrOffsetsBase = 0x72;
    public const int AddrBase = 0x73;
    public const int RnglistsBase = 0x74;
    public const int DwoName = 0x76;
    public const int MipsLinkageName = 0x2007;
    public const int GnuDwoName = 0x2130;
}
