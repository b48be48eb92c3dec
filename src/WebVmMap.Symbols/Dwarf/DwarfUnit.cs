namespace WebVmMap.Symbols.Dwarf;

/// <summary>A unit of .debug_info: what one compilation says. DWARF 5, 7.5.1.</summary>
internal sealed record DwarfUnit
{
    /// <summary>Where its header begins in the section.</summary>
    public required ulong Offset { get; init; }

    /// <summary>Where the next unit begins.</summary>
    public required ulong End { get; init; }

    /// <summary>Where its first entry begins in the section.</summary>
    public required ulong FirstEntry { get; init; }

    /// <summary>2 to 5.</summary>
    public required int Version { get; init; }

    /// <summary>Bytes of an address: 4 or 8.</summary>
    public required int AddressSize { get; init; }

    /// <summary>Bytes of a place in a section: 4, or 8 in the 64-bit format.</summary>
    public required int OffsetSize { get; init; }

    /// <summary>Where its abbreviations begin in .debug_abbrev.</summary>
    public required ulong Abbreviations { get; init; }

    /// <summary>What addresses of its ranges count from.</summary>
    public ulong BaseAddress { get; init; }

    /// <summary>Where its indexed strings begin in .debug_str_offsets.</summary>
    public ulong StrOffsetsBase { get; init; }

    /// <summary>Where its indexed addresses begin in .debug_addr.</summary>
    public ulong AddrBase { get; init; }

    /// <summary>Where its indexed range lists begin in .debug_rnglists.</summary>
    public ulong RnglistsBase { get; init; }

    /// <summary>Where its line program begins in .debug_line; null for none.</summary>
    public ulong? LineProgram { get; init; }

    /// <summary>The folder that the compiler ran in, as the form and the value of its attribute.</summary>
    public (int Form, ulong Value) CompileFolder { get; init; }

    /// <summary>The source file, as the form and the value of its attribute.</summary>
    public (int Form, ulong Value) SourceName { get; init; }

    /// <summary>DW_AT_language.</summary>
    public int Language { get; init; }

    /// <summary>Whether what it says is in another file (.dwo), with only a skeleton here.</summary>
    public bool IsSkeleton { get; init; }

    /// <summary>Whether names in its language are those that the linker sees: C and others that do not mangle.</summary>
    public bool HasPlainNames => Language is 0x01 or 0x02 or 0x0c or 0x1d or 0x2c;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">From where the unit begins.</param>
    /// <param name="offset">Where that is in the section.</param>
    /// <param name="next">Where the next unit begins; 0 when this is none and nothing behind it can be found.</param>
    /// <returns>Null for a unit that is not understood or holds no code.</returns>
    public static DwarfUnit? ReadHeader(ReadOnlySpan<byte> bytes, ulong offset, out ulong next)
    {
        const uint Format64 = 0xffffffff, FirstReserved = 0xfffffff0;
        var cursor = new Cursor(bytes);
        ulong length = cursor.UInt32();
        var offsetSize = 4;
        if (length == Format64)
        {
            length = cursor.UInt64();
            offsetSize = 8;
        }
        else if (length >= FirstReserved)
        {
            length = 0;
        }
        next = length == 0 || cursor.Failed || length > ulong.MaxValue / 2 ? 0 : offset + (ulong)cursor.Position + length;
        int version = cursor.UInt16();
        if (next == 0 || version is < 2 or > 5)
        {
            return null;
        }
        const int Compile = 1, Type = 2, Partial = 3, Skeleton = 4, SplitCompile = 5, SplitType = 6;
        int kind = Compile, addressSize;
        ulong abbreviations;
        if (version >= 5)
        {
            kind = cursor.Byte();
            addressSize = cursor.Byte();
            abbreviations = cursor.Number(offsetSize);
        }
        else
        {
            abbreviations = cursor.Number(offsetSize);
            addressSize = cursor.Byte();
        }
        cursor.Skip(kind switch { Skeleton or SplitCompile => 8, Type or SplitType => 8 + (ulong)offsetSize, _ => 0 });
        if (cursor.Failed || addressSize is not (4 or 8) || kind is not (Compile or Type or Partial or Skeleton))
        {
            return null;
        }
        return new DwarfUnit
        {
            Offset = offset,
            End = next,
            FirstEntry = offset + (ulong)cursor.Position,
            Version = version,
            AddressSize = addressSize,
            OffsetSize = offsetSize,
            Abbreviations = abbreviations,
            IsSkeleton = kind == Skeleton,
        };
    }
}
