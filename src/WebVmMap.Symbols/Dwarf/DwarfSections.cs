using WebVmMap.Symbols.Elf;

namespace WebVmMap.Symbols.Dwarf;

/// <summary>The sections that functions and lines are read from. A section that is not there is empty. Thread-safe.</summary>
internal sealed class DwarfSections
{
    /// <summary>Opens the sections of a file.</summary>
    /// <param name="file">The file; stays open as long as these are read.</param>
    public DwarfSections(ElfFile file)
    {
        Info = Open(".debug_info");
        Abbrev = Open(".debug_abbrev");
        Str = Open(".debug_str");
        Line = Open(".debug_line");
        LineStr = Open(".debug_line_str");
        StrOffsets = Open(".debug_str_offsets");
        Addr = Open(".debug_addr");
        Ranges = Open(".debug_ranges");
        Rnglists = Open(".debug_rnglists");
        if (Info.Length == 0 && Unread is null && file.Section(".zdebug_info") is not null)
        {
            Unread = "compressed in the form of before 2014 (.zdebug)";
        }

        SectionData Open(string name)
        {
            var data = file.Open(name, out var unread);
            Unread ??= unread is null ? null : $"{name} is {unread}";
            return data;
        }
    }

    /// <summary>Which section is not read, and why; null when all are.</summary>
    public string? Unread { get; private set; }

    public SectionData Info { get; }

    public SectionData Abbrev { get; }

    public SectionData Str { get; }

    public SectionData Line { get; }

    public SectionData LineStr { get; }

    public SectionData StrOffsets { get; }

    public SectionData Addr { get; }

    public SectionData Ranges { get; }

    public SectionData Rnglists { get; }

    /// <summary>Resolves an address.</summary>
    public ulong? Address(DwarfUnit unit, int form, ulong value)
    {
        if (form == Form.Addr)
        {
            return value;
        }
        return Form.IsAddressIndex(form) && Addr.TryReadNumber(unchecked(unit.AddrBase + value * (ulong)unit.AddressSize), unit.AddressSize, out var address)
            ? address : null;
    }

    /// <summary>Resolves a text.</summary>
    /// <param name="unit">The unit that tells it.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="value">Its value in this form.</param>
    /// <param name="here">The section that text in place is in.</param>
    public string Text(DwarfUnit unit, int form, ulong value, SectionData here)
    {
        if (Form.IsStringIndex(form))
        {
            return StrOffsets.TryReadNumber(unchecked(unit.StrOffsetsBase + value * (ulong)unit.OffsetSize), unit.OffsetSize, out var at) ? Str.ReadText(at) : "";
        }
        return form switch
        {
            Form.String => here.ReadText(value),
            Form.StrP => Str.ReadText(value),
            Form.LineStrP => LineStr.ReadText(value),
            _ => "",
        };
    }
}
