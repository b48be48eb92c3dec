namespace WebVmMap.Symbols.Dwarf;

/// <summary>
/// The functions of a unit and what was inlined into them, by address: for each stretch of code the innermost function, for each
/// function the one around it. Immutable.
/// </summary>
internal sealed class UnitCode
{
    /// <summary>Entries that cover one address at once beyond so many are passed over.</summary>
    private const int MaxActive = Limits.Depth;

    private readonly ulong[] _starts;
    private readonly int[] _innermost;
    private readonly Function[] _functions;

    private UnitCode(ulong[] starts, int[] innermost, Function[] functions)
    {
        _starts = starts;
        _innermost = innermost;
        _functions = functions;
    }

    /// <summary>What it takes in memory, in bytes.</summary>
    public long Bytes => _starts.Length * 12L + _functions.Length * 24L;

    /// <summary>A function, or one that was inlined.</summary>
    /// <param name="Around">The function that it was inlined into; -1 for a function of its own.</param>
    /// <param name="Entry">The entry that tells its name, in .debug_info.</param>
    /// <param name="CallFile">Of an inlined one the file of the call, by its number in the line table.</param>
    /// <param name="CallLine">Of an inlined one the line of the call.</param>
    internal readonly record struct Function(int Around, ulong Entry, int CallFile, int CallLine);

    /// <summary>Finds the innermost function at an address.</summary>
    /// <returns>Its number; -1 for none.</returns>
    public int Find(ulong address)
    {
        var at = Array.BinarySearch(_starts, address);
        at = at < 0 ? ~at - 1 : at;
        return at < 0 ? -1 : _innermost[at];
    }

    /// <summary>The function of a number.</summary>
    public Function this[int number] => _functions[number];

    /// <summary>Reads all entries of a unit.</summary>
    /// <param name="sections">Where it is.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="table">Its abbreviations.</param>
    /// <param name="isCode">Whether code is loaded at an address: functions that the linker left out are told at address 0 or near it.</param>
    public static UnitCode Read(DwarfSections sections, DwarfUnit unit, AbbreviationTable table, Func<ulong, bool> isCode)
    {
        var bytes = sections.Info.Read(unit.Offset, (long)Math.Min(unit.End - unit.Offset, Limits.UnitBytes)).Span;
        var cursor = new Cursor(bytes, (int)(unit.FirstEntry - unit.Offset));
        var functions = new List<Function>();
        var pieces = new List<Piece>();
        var covered = new List<(ulong Low, ulong High)>();
        var ranges = new AddressRanges(sections);
        // The function around, by depth.
        Span<int> around = stackalloc int[Limits.Depth + 1];
        around[0] = -1;
        var depth = 0;
        while (!cursor.AtEnd && functions.Count < Limits.Functions)
        {
            var at = cursor.Position;
            var code = cursor.ULeb();
            if (code == 0)
            {
                if (--depth <= 0)
                {
                    break;
                }
                continue;
            }
            if (!table.TryGet(code, out var look))
            {
                break;
            }
            var inner = around[depth];
            if (look.Tag is Tag.Subprogram or Tag.InlinedSubroutine)
            {
                var entry = ReadFunction(ref cursor, unit, table, look);
                covered.Clear();
                ranges.Add(unit, entry.Low, entry.High, entry.Ranges, covered);
                var own = -1;
                foreach (var (low, high) in covered)
                {
                    if (!isCode(low))
                    {
                        continue;
                    }
                    if (own < 0)
                    {
                        own = functions.Count;
                        var isInlined = look.Tag == Tag.InlinedSubroutine;
                        functions.Add(new Function(isInlined ? inner : -1, entry.NamedBy == 0 ? unit.Offset + (ulong)at : entry.NamedBy, entry.CallFile, entry.CallLine));
                    }
                    pieces.Add(new Piece(low, high, own, depth));
                }
                inner = own >= 0 ? own : look.Tag == Tag.Subprogram ? -1 : inner;
                if (own < 0 && entry.IsDeclaration && look.HasChildren && entry.Sibling > unit.Offset + (ulong)cursor.Position && entry.Sibling < unit.End)
                {
                    // No code is inside. Of what copies refer to that is not so: gcc's link-time optimization puts the code of lambdas there.
                    cursor = new Cursor(bytes, (int)(entry.Sibling - unit.Offset));
                    continue;
                }
            }
            else if (look.SiblingAt >= 0 && look.HasChildren && !Tag.MayHoldCode(look.Tag))
            {
                var sibling = new Cursor(bytes, cursor.Position + look.SiblingAt).UInt32();
                if (sibling <= cursor.Position || sibling > bytes.Length)
                {
                    break;
                }
                cursor = new Cursor(bytes, (int)sibling);
                continue;
            }
            else if (look.FixedSize >= 0)
            {
                cursor.Skip((ulong)look.FixedSize);
            }
            else
            {
                foreach (var attribute in table.Attributes(look))
                {
                    int form = attribute.Form;
                    Form.Read(ref cursor, ref form, unit, attribute.ImplicitConst, unit.Offset);
                }
            }
            if (look.HasChildren)
            {
                if (++depth > Limits.Depth)
                {
                    break;
                }
                around[depth] = inner;
            }
            else if (depth == 0)
            {
                break;
            }
        }
        return Flatten(pieces, functions);
    }

    private static Entry ReadFunction(ref Cursor cursor, DwarfUnit unit, AbbreviationTable table, in AbbreviationTable.Abbreviation look)
    {
        var entry = default(Entry);
        var hasOwnName = false;
        foreach (var attribute in table.Attributes(look))
        {
            int form = attribute.Form;
            var value = Form.Read(ref cursor, ref form, unit, attribute.ImplicitConst, unit.Offset);
            switch (attribute.Name)
            {
                case At.LowPc: entry.Low = (form, value); break;
                case At.HighPc: entry.High = (form, value); break;
                case At.Ranges: entry.Ranges = (form, value); break;
                case At.Declaration: entry.IsDeclaration = value != 0; break;
                case At.Sibling: entry.Sibling = value; break;
                case At.CallFile: entry.CallFile = (int)Math.Min(value, int.MaxValue); break;
                case At.CallLine: entry.CallLine = (int)Math.Min(value, int.MaxValue); break;
                case At.LinkageName or At.MipsLinkageName: hasOwnName = true; break;
                // Copies share what tells the name: it is looked up once.
                case At.AbstractOrigin when form is Form.Ref1 or Form.Ref2 or Form.Ref4 or Form.Ref8 or Form.RefUData or Form.RefAddr: entry.NamedBy = value; break;
            }
        }
        if (hasOwnName)
        {
            entry.NamedBy = 0;
        }
        return entry;
    }

    /// <summary>Cuts overlapping pieces into stretches, each with the deepest entry that covers it.</summary>
    private static UnitCode Flatten(List<Piece> pieces, List<Function> functions)
    {
        var byEnd = pieces.ToArray();
        pieces.Sort((a, b) => a.Low != b.Low ? a.Low.CompareTo(b.Low) : a.Depth.CompareTo(b.Depth));
        Array.Sort(byEnd, (a, b) => a.High.CompareTo(b.High));
        var starts = new List<ulong>();
        var innermost = new List<int>();
        // The pieces that cover the place, the deepest last.
        var active = new List<Piece>();
        int next = 0, ended = 0;
        while (ended < byEnd.Length)
        {
            var place = next < pieces.Count ? Math.Min(pieces[next].Low, byEnd[ended].High) : byEnd[ended].High;
            for (; ended < byEnd.Length && byEnd[ended].High == place; ended++)
            {
                active.Remove(byEnd[ended]);
            }
            for (; next < pieces.Count && pieces[next].Low == place; next++)
            {
                var at = active.Count;
                while (at > 0 && active[at - 1].Depth > pieces[next].Depth)
                {
                    at--;
                }
                if (active.Count < MaxActive)
                {
                    active.Insert(at, pieces[next]);
                }
            }
            var top = active.Count == 0 ? -1 : active[^1].Function;
            if (innermost.Count == 0 || innermost[^1] != top)
            {
                starts.Add(place);
                innermost.Add(top);
            }
        }
        return new UnitCode([.. starts], [.. innermost], [.. functions]);
    }

    private readonly record struct Piece(ulong Low, ulong High, int Function, int Depth);

    private struct Entry
    {
        public (int Form, ulong Value) Low;
        public (int Form, ulong Value) High;
        public (int Form, ulong Value) Ranges;
        public bool IsDeclaration;
        public ulong Sibling;
        public ulong NamedBy;
        public int CallFile;
        public int CallLine;
    }
}
