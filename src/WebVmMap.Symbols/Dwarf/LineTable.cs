namespace WebVmMap.Symbols.Dwarf;

/// <summary>Which source line each instruction of a unit comes from. Immutable but for paths, which are put together when first asked for. DWARF 5, 6.2.</summary>
internal sealed class LineTable
{
    /// <summary>A row that ends a run of code: behind it is none of this unit's until the next row.</summary>
    private const int EndOfCode = -1;

    private readonly DwarfSections _sections;
    private readonly DwarfUnit _unit;
    private readonly List<FileEntry> _files;
    private readonly List<(int Form, ulong Value)> _folders;
    private readonly string?[] _paths;
    private readonly int _version;

    private ulong[] _addresses = [];
    private Place[] _places = [];

    private LineTable(DwarfSections sections, DwarfUnit unit, int version, List<FileEntry> files, List<(int Form, ulong Value)> folders)
    {
        _sections = sections;
        _unit = unit;
        _version = version;
        _files = files;
        _folders = folders;
        _paths = new string?[files.Count];
    }

    /// <summary>What it takes in memory, in bytes.</summary>
    public long Bytes => _addresses.Length * 16L + _files.Count * 160L;

    /// <summary>Reads the table of a unit.</summary>
    /// <returns>Null when the unit has none, or one of a version that is not understood.</returns>
    /// <param name="sections">Where it is.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="isCode">Whether code is loaded at an address: code that the linker left out is told at address 0 or near it.</param>
    public static LineTable? Read(DwarfSections sections, DwarfUnit unit, Func<ulong, bool> isCode)
    {
        const uint Format64 = 0xffffffff;
        if (unit.LineProgram is not { } at)
        {
            return null;
        }
        var lengths = new Cursor(sections.Line.Read(at, 12).Span);
        ulong length = lengths.UInt32();
        var offsetSize = 4;
        if (length == Format64)
        {
            length = lengths.UInt64();
            offsetSize = 8;
        }
        var origin = at + (ulong)lengths.Position;
        var bytes = sections.Line.Read(origin, (long)Math.Min(length, (ulong)Limits.UnitBytes)).Span;
        var cursor = new Cursor(bytes);
        int version = cursor.UInt16();
        if (version is < 2 or > 5)
        {
            return null;
        }
        // Strings and places here have the size that this section's header says, not that of the unit.
        var sized = unit with { OffsetSize = offsetSize };
        if (version >= 5)
        {
            sized = sized with { AddressSize = cursor.Byte() };
            cursor.Skip(1); // segment selectors, which nobody has
        }
        var headerLength = cursor.Number(offsetSize);
        var program = headerLength > int.MaxValue ? int.MaxValue : cursor.Position + (int)headerLength;
        var machine = new LineMachine
        {
            MinInstruction = cursor.Byte(),
            MaxOperations = version >= 4 ? cursor.Byte() : (byte)1,
        };
        cursor.Skip(1); // default_is_stmt: a row tells its line whether or not a debugger would stop there
        machine.LineBase = (sbyte)cursor.Byte();
        machine.LineRange = cursor.Byte();
        machine.OpcodeBase = cursor.Byte();
        machine.OperandCounts = new byte[Math.Max(machine.OpcodeBase, (byte)1)];
        for (var i = 1; i < machine.OpcodeBase; i++)
        {
            machine.OperandCounts[i] = cursor.Byte();
        }
        var files = new List<FileEntry>();
        var folders = new List<(int Form, ulong Value)>();
        if (version >= 5)
        {
            ReadEntries(ref cursor, sized, origin, (form, value, _) => folders.Add((form, value)));
            ReadEntries(ref cursor, sized, origin, (form, value, folder) => files.Add(new FileEntry(form, value, folder)));
        }
        else
        {
            ReadOldEntries(ref cursor, unit, origin, folders, files);
        }
        var table = new LineTable(sections, sized, version, files, folders);
        if (!cursor.Failed && program <= bytes.Length)
        {
            var rows = new List<Row>();
            machine.Run(new Cursor(bytes, program), sized.AddressSize, isCode, rows);
            table.Take(rows);
        }
        return table;
    }

    /// <summary>Finds the line of an address.</summary>
    /// <returns>The number of the file and the line; 0 where no line is told.</returns>
    public (int File, int Line) Find(ulong address)
    {
        int low = 0, high = _addresses.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_addresses[middle] <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low == 0 || _places[low - 1].Line == EndOfCode ? (0, 0) : (_places[low - 1].File, _places[low - 1].Line);
    }

    /// <summary>The path of a file of the table: as the compiler was given it, from the folder that it ran in.</summary>
    public string Path(int number)
    {
        var at = _version >= 5 ? number : number - 1;
        if ((uint)at >= (uint)_files.Count)
        {
            return "";
        }
        return _paths[at] ??= MakePath(_files[at]);
    }

    private string MakePath(FileEntry file)
    {
        var name = _sections.Text(_unit, file.Form, file.Name, _sections.Line);
        if (name.StartsWith('/'))
        {
            return name;
        }
        // Until version 4 folder 0 was the one that the compiler ran in, and the list began with 1.
        var at = _version >= 5 ? file.Folder : file.Folder - 1;
        var folder = (uint)at < (uint)_folders.Count ? _sections.Text(_unit, _folders[at].Form, _folders[at].Value, _sections.Line) : "";
        if (!folder.StartsWith('/'))
        {
            var ran = _sections.Text(_unit, _unit.CompileFolder.Form, _unit.CompileFolder.Value, _sections.Info);
            folder = folder.Length == 0 ? ran : ran.Length == 0 ? folder : $"{ran.TrimEnd('/')}/{folder}";
        }
        return folder.Length == 0 || name.Length == 0 ? name : $"{folder.TrimEnd('/')}/{name}";
    }

    /// <summary>Sorts runs of code by where they begin; a run that ends where another one begins comes before it.</summary>
    private void Take(List<Row> rows)
    {
        var order = new int[rows.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(order, (a, b) =>
        {
            Row left = rows[a], right = rows[b];
            return left.Address != right.Address ? left.Address.CompareTo(right.Address)
                : left.Place.Line == EndOfCode != (right.Place.Line == EndOfCode) ? (left.Place.Line == EndOfCode ? -1 : 1)
                : a.CompareTo(b);
        });
        var addresses = new ulong[order.Length];
        var places = new Place[order.Length];
        var kept = 0;
        foreach (var i in order)
        {
            // Of several rows for one instruction the last counts; a row that repeats the one before tells nothing.
            if (kept > 0 && addresses[kept - 1] == rows[i].Address)
            {
                kept--;
            }
            if (kept == 0 || places[kept - 1] != rows[i].Place)
            {
                addresses[kept] = rows[i].Address;
                places[kept++] = rows[i].Place;
            }
        }
        _addresses = addresses[..kept];
        _places = places[..kept];
    }

    /// <summary>Folders and files of version 5, each with the fields that the table says.</summary>
    private static void ReadEntries(ref Cursor cursor, DwarfUnit unit, ulong origin, Action<int, ulong, int> add)
    {
        const int Path = 1, FolderIndex = 2;
        const int MaxEntries = 1 << 20;
        Span<(int Content, int Form)> fields = stackalloc (int, int)[256];
        int count = cursor.Byte();
        for (var i = 0; i < count; i++)
        {
            fields[i] = ((int)Math.Min(cursor.ULeb(), int.MaxValue), (int)Math.Min(cursor.ULeb(), int.MaxValue));
        }
        var entries = cursor.ULeb();
        for (ulong entry = 0; entry < entries && entry < MaxEntries && !cursor.Failed && count > 0; entry++)
        {
            var (pathForm, path, folder) = (0, 0UL, 0);
            foreach (var field in fields[..count])
            {
                var form = field.Form;
                var value = Form.Read(ref cursor, ref form, unit, 0, origin);
                if (field.Content == Path)
                {
                    (pathForm, path) = (form, value);
                }
                else if (field.Content == FolderIndex)
                {
                    folder = (int)Math.Min(value, int.MaxValue);
                }
            }
            if (!cursor.Failed)
            {
                add(pathForm, path, folder);
            }
        }
    }

    /// <summary>Folders and files until version 4: text after text, an empty one at the end.</summary>
    private static void ReadOldEntries(ref Cursor cursor, DwarfUnit unit, ulong origin, List<(int Form, ulong Value)> folders, List<FileEntry> files)
    {
        var form = Form.String;
        while (!cursor.AtEnd)
        {
            var before = cursor.Position;
            var at = Form.Read(ref cursor, ref form, unit, 0, origin);
            if (cursor.Position == before + 1)
            {
                break;
            }
            folders.Add((Form.String, at));
        }
        while (!cursor.AtEnd)
        {
            var before = cursor.Position;
            var at = Form.Read(ref cursor, ref form, unit, 0, origin);
            if (cursor.Position == before + 1)
            {
                break;
            }
            var folder = (int)Math.Min(cursor.ULeb(), int.MaxValue);
            cursor.ULeb(); // time
            cursor.ULeb(); // size
            files.Add(new FileEntry(Form.String, at, folder));
        }
    }

    /// <summary>A source file: the form and the value of its name, and the number of its folder.</summary>
    private readonly record struct FileEntry(int Form, ulong Name, int Folder);

    private readonly record struct Place(int File, int Line);

    private readonly record struct Row(ulong Address, Place Place);

    /// <summary>The machine whose program writes the rows. DWARF 5, 6.2.5.</summary>
    private struct LineMachine
    {
        public byte MinInstruction;
        public byte MaxOperations;
        public sbyte LineBase;
        public byte LineRange;
        public byte OpcodeBase;
        public byte[] OperandCounts;

        public readonly void Run(Cursor cursor, int addressSize, Func<ulong, bool> isCode, List<Row> rows)
        {
            const int Copy = 1, AdvancePc = 2, AdvanceLine = 3, SetFile = 4, ConstAddPc = 8, FixedAdvancePc = 9;
            ulong address = 0;
            int file = 1, line = 1, operation = 0;
            var run = rows.Count;
            while (!cursor.AtEnd && rows.Count < Limits.LineRows)
            {
                int opcode = cursor.Byte();
                if (opcode >= OpcodeBase)
                {
                    var special = opcode - OpcodeBase;
                    Advance((ulong)(LineRange == 0 ? 0 : special / LineRange), ref address, ref operation);
                    line = unchecked(line + LineBase + (LineRange == 0 ? 0 : special % LineRange));
                    rows.Add(new Row(address, new Place(file, Math.Max(line, 0))));
                    continue;
                }
                switch (opcode)
                {
                    case 0:
                        Extended(ref cursor, addressSize, isCode, rows, ref run, ref address, ref file, ref line, ref operation);
                        break;
                    case Copy:
                        rows.Add(new Row(address, new Place(file, Math.Max(line, 0))));
                        break;
                    case AdvancePc:
                        Advance(cursor.ULeb(), ref address, ref operation);
                        break;
                    case AdvanceLine:
                        line = unchecked(line + (int)cursor.SLeb());
                        break;
                    case SetFile:
                        file = (int)Math.Min(cursor.ULeb(), int.MaxValue);
                        break;
                    case ConstAddPc:
                        Advance((ulong)(LineRange == 0 ? 0 : (255 - OpcodeBase) / LineRange), ref address, ref operation);
                        break;
                    case FixedAdvancePc:
                        address = unchecked(address + cursor.UInt16());
                        operation = 0;
                        break;
                    default:
                        for (var i = 0; i < OperandCounts[opcode]; i++)
                        {
                            cursor.ULeb();
                        }
                        break;
                }
            }
            // A run that was cut off has no end; what is there of it would reach over all code behind it.
            rows.RemoveRange(run, rows.Count - run);
        }

        private static void Extended(
            ref Cursor cursor, int addressSize, Func<ulong, bool> isCode, List<Row> rows, ref int run, ref ulong address, ref int file, ref int line, ref int operation)
        {
            const int EndSequence = 1, SetAddress = 2;
            var length = cursor.ULeb();
            if (length == 0)
            {
                return;
            }
            int opcode = cursor.Byte();
            if (opcode == EndSequence)
            {
                if (rows.Count > run && isCode(rows[run].Address))
                {
                    rows.Add(new Row(address, new Place(0, EndOfCode)));
                }
                else
                {
                    rows.RemoveRange(run, rows.Count - run);
                }
                (run, address, file, line, operation) = (rows.Count, 0, 1, 1, 0);
                cursor.Skip(length - 1);
            }
            else if (opcode == SetAddress && length - 1 is 4 or 8)
            {
                address = cursor.Number((int)length - 1);
                operation = 0;
            }
            else
            {
                cursor.Skip(length - 1);
            }
        }

        private readonly void Advance(ulong operations, ref ulong address, ref int operation)
        {
            if (MaxOperations <= 1)
            {
                address = unchecked(address + MinInstruction * operations);
                return;
            }
            var sum = unchecked((ulong)operation + operations);
            address = unchecked(address + MinInstruction * (sum / MaxOperations));
            operation = (int)(sum % MaxOperations);
        }
    }
}
