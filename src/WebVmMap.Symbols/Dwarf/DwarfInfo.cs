using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Symbols.Elf;
using WebVmMap.Symbols.Names;

namespace WebVmMap.Symbols.Dwarf;

/// <summary>
/// Functions, inlined ones and lines of a file, read unit by unit as they are asked for. What is kept of units is bounded: when it is
/// too much, all of it is let go and read anew. Not thread-safe.
/// </summary>
internal sealed class DwarfInfo
{
    /// <summary>Names that refer to others that refer to others end here.</summary>
    private const int MaxReferences = 16;

    private const int MaxNames = 200_000;

    private readonly DwarfSections _sections;
    private readonly Func<ulong, bool> _isCode;
    private readonly List<DwarfUnit> _units = [];
    private readonly RangeIndex _unitsByAddress;

    private readonly Dictionary<int, LoadedUnit> _loaded = [];
    private readonly Dictionary<ulong, (string Name, bool IsLinkage)> _names = [];
    private long _keptBytes;

    /// <summary>Reads the first entry of every unit: which code it has.</summary>
    /// <remarks>.debug_aranges says the same, but clang and rustc leave it out, and it costs no less to read where there are many units.</remarks>
    public DwarfInfo(ElfFile file)
    {
        _sections = new DwarfSections(file);
        _isCode = file.IsCode;
        var ranges = new AddressRanges(_sections);
        var covered = new List<(ulong Low, ulong High)>();
        var starts = new List<ulong>();
        var ends = new List<ulong>();
        var units = new List<int>();
        const int MostHeads = 32;
        for (ulong at = 0; _units.Count < Limits.Units && at < (ulong)_sections.Info.Length;)
        {
            var unit = DwarfUnit.ReadHeader(_sections.Info.Read(at, MostHeads).Span, at, out var next);
            if (unit is not null)
            {
                covered.Clear();
                unit = ReadRoot(unit, ranges, covered);
                foreach (var (low, high) in covered)
                {
                    if (_isCode(low))
                    {
                        starts.Add(low);
                        ends.Add(high);
                        units.Add(_units.Count);
                    }
                }
                _units.Add(unit);
                Version = Math.Max(Version, unit.Version);
                HasSkeletons |= unit.IsSkeleton;
            }
            if (next <= at)
            {
                break;
            }
            at = next;
        }
        _unitsByAddress = new RangeIndex([.. starts], [.. ends], [.. units]);
    }

    /// <summary>The highest version of DWARF in it; 0 when there is nothing that is understood.</summary>
    public int Version { get; private set; }

    /// <summary>Whether some of it is in .dwo files, which are not read.</summary>
    public bool HasSkeletons { get; private set; }

    /// <summary>Which section is not read, and why; null when all are.</summary>
    public string? Unread => _sections.Unread;

    /// <summary>Finds what an instruction comes from.</summary>
    /// <param name="address">Before the load bias.</param>
    /// <param name="symbol">What the symbol table calls the function; empty for nothing.</param>
    /// <param name="into">Takes the innermost function first; nothing when the address is in no unit.</param>
    public void Find(ulong address, string symbol, ImmutableArray<CodeLine>.Builder into)
    {
        var number = _unitsByAddress.Find(address);
        if (number < 0)
        {
            return;
        }
        var unit = _units[number];
        var loaded = Load(number);
        var (file, line) = loaded.Lines?.Find(address) ?? (0, 0);
        var function = loaded.Code.Find(address);
        for (var depth = 0; function >= 0 && depth < Limits.Depth; depth++)
        {
            var found = loaded.Code[function];
            var (name, isLinkage) = Name(found.Entry);
            if (!isLinkage && found.Around < 0 && symbol.Length > 0 && !unit.HasPlainNames)
            {
                // A name that only the source knows lacks what it is in.
                name = Demangler.Demangle(symbol);
            }
            into.Add(new CodeLine(name.Length == 0 && found.Around < 0 ? Demangler.Demangle(symbol) : name, line == 0 ? "" : loaded.Lines?.Path(file) ?? "", line));
            (file, line) = (found.CallFile, found.CallLine);
            function = found.Around;
        }
        if (into.Count == 0 && (symbol.Length > 0 || line > 0))
        {
            into.Add(new CodeLine(Demangler.Demangle(symbol), line == 0 ? "" : loaded.Lines?.Path(file) ?? "", line));
        }
    }

    private LoadedUnit Load(int number)
    {
        if (_loaded.TryGetValue(number, out var loaded))
        {
            return loaded;
        }
        if (_keptBytes > Limits.KeptBytes)
        {
            _loaded.Clear();
            _keptBytes = 0;
        }
        var unit = _units[number];
        var table = Table(unit);
        loaded = new LoadedUnit(table, UnitCode.Read(_sections, unit, table, _isCode), LineTable.Read(_sections, unit, _isCode));
        _keptBytes += table.Bytes + loaded.Code.Bytes + (loaded.Lines?.Bytes ?? 0);
        _loaded.Add(number, loaded);
        return loaded;
    }

    private AbbreviationTable Table(DwarfUnit unit, ulong only = 0)
    {
        // The table says itself where it ends: mostly within some kilobytes.
        const int Usual = 32768;
        var bytes = _sections.Abbrev.Read(unit.Abbreviations, Usual);
        var table = AbbreviationTable.Read(bytes.Span, unit, out var ended, only);
        return ended || bytes.Length < Usual ? table : AbbreviationTable.Read(_sections.Abbrev.Read(unit.Abbreviations, Limits.UnitBytes).Span, unit, out _, only);
    }

    /// <summary>The name of a function, of the entry itself or of those that it refers to: the linker's name before that in the source.</summary>
    private (string Name, bool IsLinkage) Name(ulong entry)
    {
        if (_names.TryGetValue(entry, out var known))
        {
            return known;
        }
        var (name, at) = ("", entry);
        var isLinkage = false;
        for (var i = 0; i < MaxReferences && at != 0 && !isLinkage; i++)
        {
            var (own, linkage, refersTo) = ReadName(at);
            if (linkage.Length > 0)
            {
                (name, isLinkage) = (Demangler.Demangle(linkage), true);
            }
            else if (name.Length == 0)
            {
                name = own;
            }
            at = refersTo;
        }
        if (_names.Count >= MaxNames)
        {
            _names.Clear();
        }
        _names[entry] = (name, isLinkage);
        return (name, isLinkage);
    }

    private (string Name, string Linkage, ulong RefersTo) ReadName(ulong entry)
    {
        var number = UnitOf(entry);
        if (number < 0)
        {
            return ("", "", 0);
        }
        var unit = _units[number];
        var table = _loaded.TryGetValue(number, out var loaded) ? loaded.Abbreviations : Table(unit);
        // Text and blocks in place may make an entry long, though few are.
        for (var length = 256; length <= Limits.NameBytes * 16; length *= 64)
        {
            var bytes = _sections.Info.Read(entry, length).Span;
            var cursor = new Cursor(bytes);
            if (!table.TryGet(cursor.ULeb(), out var look))
            {
                return ("", "", 0);
            }
            var (name, linkage, refersTo) = ((Form: 0, Value: 0UL), (Form: 0, Value: 0UL), 0UL);
            foreach (var attribute in table.Attributes(look))
            {
                int form = attribute.Form;
                var value = Form.Read(ref cursor, ref form, unit, attribute.ImplicitConst, entry);
                switch (attribute.Name)
                {
                    case At.Name: name = (form, value); break;
                    case At.LinkageName or At.MipsLinkageName: linkage = (form, value); break;
                    case At.AbstractOrigin or At.Specification when form is Form.Ref1 or Form.Ref2 or Form.Ref4 or Form.Ref8 or Form.RefUData or Form.RefAddr:
                        refersTo = value;
                        break;
                }
            }
            if (!cursor.Failed || bytes.Length < length)
            {
                return (_sections.Text(unit, name.Form, name.Value, _sections.Info), _sections.Text(unit, linkage.Form, linkage.Value, _sections.Info), refersTo);
            }
        }
        return ("", "", 0);
    }

    /// <summary>The unit that a place in .debug_info is in; -1 for none.</summary>
    private int UnitOf(ulong place)
    {
        int low = 0, high = _units.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_units[middle].Offset <= place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low > 0 && place >= _units[low - 1].FirstEntry && place < _units[low - 1].End ? low - 1 : -1;
    }

    /// <summary>Reads a unit's first entry: what the others build on, and which code it has.</summary>
    private DwarfUnit ReadRoot(DwarfUnit unit, AddressRanges ranges, List<(ulong Low, ulong High)> covered)
    {
        const int UsualAbbreviation = 256, UsualEntry = 512, LongEntry = 1 << 20;
        var abbreviations = _sections.Abbrev.Read(unit.Abbreviations, UsualAbbreviation);
        var bytes = _sections.Info.Read(unit.FirstEntry, UsualEntry).Span;
        var code = new Cursor(bytes).ULeb();
        var table = AbbreviationTable.Read(abbreviations.Span, unit, out var ended, only: code);
        table = ended ? table : Table(unit, code);
        if (!table.TryGet(code, out var look))
        {
            return unit;
        }
        Root root;
        if (!TryReadRoot(bytes, unit, table, look, out root))
        {
            TryReadRoot(_sections.Info.Read(unit.FirstEntry, LongEntry).Span, unit, table, look, out root);
        }
        // Without a base of their own, indexed values of version 5 begin behind the section's header.
        var header = unit.OffsetSize == 8 ? 16UL : 8UL;
        unit = unit with
        {
            StrOffsetsBase = root.StrOffsetsBase ?? header,
            AddrBase = root.AddrBase ?? header,
            RnglistsBase = root.RnglistsBase ?? header + 4,
            LineProgram = root.LineProgram,
            CompileFolder = root.CompileFolder,
            SourceName = root.Name,
            Language = root.Language,
            IsSkeleton = unit.IsSkeleton || root.HasDwoName,
        };
        unit = unit with { BaseAddress = root.Low.Form == 0 ? 0 : _sections.Address(unit, root.Low.Form, root.Low.Value) ?? 0 };
        ranges.Add(unit, root.Low, root.High, root.Ranges, covered);
        return unit;
    }

    private static bool TryReadRoot(ReadOnlySpan<byte> bytes, DwarfUnit unit, AbbreviationTable table, in AbbreviationTable.Abbreviation look, out Root root)
    {
        root = default;
        var cursor = new Cursor(bytes);
        cursor.ULeb();
        foreach (var attribute in table.Attributes(look))
        {
            int form = attribute.Form;
            var value = Form.Read(ref cursor, ref form, unit, attribute.ImplicitConst, unit.FirstEntry);
            if (cursor.Failed)
            {
                return false;
            }
            switch (attribute.Name)
            {
                case At.Name: root.Name = (form, value); break;
                case At.CompDir: root.CompileFolder = (form, value); break;
                case At.LowPc: root.Low = (form, value); break;
                case At.HighPc: root.High = (form, value); break;
                case At.Ranges: root.Ranges = (form, value); break;
                case At.StmtList: root.LineProgram = value; break;
                case At.Language: root.Language = (int)Math.Min(value, int.MaxValue); break;
                case At.StrOffsetsBase: root.StrOffsetsBase = value; break;
                case At.AddrBase: root.AddrBase = value; break;
                case At.RnglistsBase: root.RnglistsBase = value; break;
                case At.DwoName or At.GnuDwoName: root.HasDwoName = true; break;
            }
        }
        return true;
    }

    private sealed record LoadedUnit(AbbreviationTable Abbreviations, UnitCode Code, LineTable? Lines);

    private struct Root
    {
        public (int Form, ulong Value) Name;
        public (int Form, ulong Value) CompileFolder;
        public (int Form, ulong Value) Low;
        public (int Form, ulong Value) High;
        public (int Form, ulong Value) Ranges;
        public ulong? LineProgram;
        public ulong? StrOffsetsBase;
        public ulong? AddrBase;
        public ulong? RnglistsBase;
        public int Language;
        public bool HasDwoName;
    }
}
