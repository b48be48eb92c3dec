namespace WebVmMap.Symbols.Dwarf;

/// <summary>Reads the ranges of addresses that an entry covers: .debug_ranges until version 4, .debug_rnglists since 5.</summary>
internal sealed class AddressRanges(DwarfSections sections)
{
    /// <summary>Entries of lists that may still be read: many entries that share one long list must not take for ever.</summary>
    private int _left = Limits.Ranges;

    /// <summary>Adds what an entry covers.</summary>
    /// <param name="unit">The unit that the entry is in.</param>
    /// <param name="low">DW_AT_low_pc as form and value; form 0 for none.</param>
    /// <param name="high">DW_AT_high_pc.</param>
    /// <param name="list">DW_AT_ranges.</param>
    /// <param name="into">Takes ranges that are not empty, the end exclusive.</param>
    public void Add(DwarfUnit unit, (int Form, ulong Value) low, (int Form, ulong Value) high, (int Form, ulong Value) list, List<(ulong Low, ulong High)> into)
    {
        if (list.Form != 0)
        {
            if (unit.Version >= 5)
            {
                AddList(unit, list, into);
            }
            else
            {
                AddOldList(unit, list.Value, into);
            }
        }
        else if (low.Form != 0 && high.Form != 0 && sections.Address(unit, low.Form, low.Value) is { } start)
        {
            // The end is an address, or, as all compilers of today have it, a length.
            var end = high.Form == Form.Addr || Form.IsAddressIndex(high.Form) ? sections.Address(unit, high.Form, high.Value) : unchecked(start + high.Value);
            Add(start, end ?? 0, into);
        }
    }

    /// <summary>DWARF 5, 2.17.3 and 7.25.</summary>
    private void AddList(DwarfUnit unit, (int Form, ulong Value) list, List<(ulong Low, ulong High)> into)
    {
        const int End = 0, BaseX = 1, StartXEndX = 2, StartXLength = 3, OffsetPair = 4, Base = 5, StartEnd = 6, StartLength = 7;
        var at = list.Value;
        if (list.Form == Form.RngListX)
        {
            if (!sections.Rnglists.TryReadNumber(unchecked(unit.RnglistsBase + at * (ulong)unit.OffsetSize), unit.OffsetSize, out at))
            {
                return;
            }
            at = unchecked(at + unit.RnglistsBase);
        }
        var origin = unit.BaseAddress;
        // Most lists are short; a long one goes on in the next piece.
        const int Piece = 1024, LongestEntry = 24;
        while (true)
        {
            var bytes = sections.Rnglists.Read(at, Piece).Span;
            var cursor = new Cursor(bytes);
            while (cursor.Position + LongestEntry <= bytes.Length || bytes.Length < Piece)
            {
                var kind = cursor.Byte();
                if (cursor.Failed || kind is End or > StartLength || --_left < 0)
                {
                    return;
                }
                switch (kind)
                {
                    case BaseX: origin = Indexed(unit, cursor.ULeb()); break;
                    case StartXEndX: Add(Indexed(unit, cursor.ULeb()), Indexed(unit, cursor.ULeb()), into); break;
                    case StartXLength: AddLength(Indexed(unit, cursor.ULeb()), cursor.ULeb(), into); break;
                    case OffsetPair: Add(unchecked(origin + cursor.ULeb()), unchecked(origin + cursor.ULeb()), into); break;
                    case Base: origin = cursor.Number(unit.AddressSize); break;
                    case StartEnd: Add(cursor.Number(unit.AddressSize), cursor.Number(unit.AddressSize), into); break;
                    case StartLength: AddLength(cursor.Number(unit.AddressSize), cursor.ULeb(), into); break;
                }
            }
            at += (ulong)cursor.Position;
        }
    }

    /// <summary>DWARF 4, 2.17.3: pairs of addresses from the base; a first one of all bits sets the base, two zeros end the list.</summary>
    private void AddOldList(DwarfUnit unit, ulong at, List<(ulong Low, ulong High)> into)
    {
        var origin = unit.BaseAddress;
        var newBase = unit.AddressSize == 8 ? ulong.MaxValue : uint.MaxValue;
        const int Pairs = 32;
        while (true)
        {
            var bytes = sections.Ranges.Read(at, Pairs * 2 * unit.AddressSize).Span;
            var cursor = new Cursor(bytes);
            for (var i = 0; i < Pairs; i++)
            {
                var low = cursor.Number(unit.AddressSize);
                var high = cursor.Number(unit.AddressSize);
                if (cursor.Failed || (low == 0 && high == 0) || --_left < 0)
                {
                    return;
                }
                if (low == newBase)
                {
                    origin = high;
                }
                else
                {
                    Add(unchecked(origin + low), unchecked(origin + high), into);
                }
            }
            at += (ulong)cursor.Position;
        }
    }

    private ulong Indexed(DwarfUnit unit, ulong index) => sections.Address(unit, Form.AddrX, index) ?? 0;

    private static void AddLength(ulong low, ulong length, List<(ulong Low, ulong High)> into) => Add(low, unchecked(low + length), into);

    private static void Add(ulong low, ulong high, List<(ulong Low, ulong High)> into)
    {
        if (low < high)
        {
            into.Add((low, high));
        }
    }
}
