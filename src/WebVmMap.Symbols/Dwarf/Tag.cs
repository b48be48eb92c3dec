namespace WebVmMap.Symbols.Dwarf;

/// <summary>Tags that matter here. https://dwarfstd.org/doc/DWARF5.pdf, table 7.3.</summary>
internal static class Tag
{
    public const int ClassType = 0x02;
    public const int LexicalBlock = 0x0b;
    public const int CompileUnit = 0x11;
    public const int StructureType = 0x13;
    public const int UnionType = 0x17;
    public const int InlinedSubroutine = 0x1d;
    public const int Module = 0x1e;
    public const int CatchBlock = 0x25;
    public const int Subprogram = 0x2e;
    public const int TryBlock = 0x32;
    public const int Namespace = 0x39;

    /// <summary>Whether code may lie in what is inside an entry.</summary>
    public static bool MayHoldCode(int tag) =>
        tag is CompileUnit or Namespace or LexicalBlock or Subprogram or InlinedSubroutine or Module or TryBlock or CatchBlock;
}
