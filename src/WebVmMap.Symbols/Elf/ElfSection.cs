namespace WebVmMap.Symbols.Elf;

/// <summary>A section as its header tells it. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">sh_type.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Address">Where it is loaded, before the load bias.</param>
/// <param name="Offset">Where it is in the file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Link">The section that it refers to: of symbols, their names.</param>
internal readonly record struct ElfSection(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, int Link)
{
    public const uint SymbolTable = 2;
    public const uint NoBits = 8;
    public const uint DynamicSymbols = 11;

    private const ulong Execute = 4;
    private const ulong Compressed = 0x800;

    public bool IsCode => (Flags & Execute) != 0;

    public bool IsCompressed => (Flags & Compressed) != 0;
}
