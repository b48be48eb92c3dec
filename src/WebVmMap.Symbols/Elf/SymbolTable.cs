using System.Buffers.Binary;

namespace WebVmMap.Symbols.Elf;

/// <summary>Functions of a symbol table, found by address. Thread-safe. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.symtab.html</summary>
internal sealed class SymbolTable
{
    private const int EntrySize = 24;
    private const int ChunkEntries = 4096;

    private readonly RangeIndex _functions;
    private readonly uint[] _names;
    private readonly SectionData _texts;

    private SymbolTable(RangeIndex functions, uint[] names, SectionData texts)
    {
        _functions = functions;
        _names = names;
        _texts = texts;
    }

    /// <summary>Functions in it.</summary>
    public int Count => _functions.Count;

    /// <summary>Reads a table.</summary>
    public static SymbolTable Read(ElfFile file, ElfSection section)
    {
        var data = file.OpenRaw(section);
        var texts = file.Linked(section) is { } linked ? file.OpenRaw(linked) : SectionData.None;
        var found = new List<Function>();
        var count = Math.Min(data.Length / EntrySize, Limits.Symbols);
        for (long first = 0; first < count; first += ChunkEntries)
        {
            var chunk = data.Read((ulong)(first * EntrySize), Math.Min(ChunkEntries, count - first) * EntrySize).Span;
            for (; chunk.Length >= EntrySize; chunk = chunk[EntrySize..])
            {
                if (Function.TryRead(chunk, out var function) && file.IsCode(function.Start))
                {
                    found.Add(function);
                }
            }
        }
        found.Sort();
        return Index(found, texts);
    }

    /// <summary>Finds the function that holds an address.</summary>
    /// <param name="address">Before the load bias.</param>
    /// <returns>Its name as the linker knows it; empty for none.</returns>
    public string Find(ulong address)
    {
        var at = _functions.Find(address);
        return at < 0 ? "" : _texts.ReadText(_names[at]);
    }

    /// <summary>One name for each place; functions that say no size, as those in assembler, reach to the next one.</summary>
    private static SymbolTable Index(List<Function> sorted, SectionData texts)
    {
        // Sorted with the best name of a place last.
        var kept = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i + 1 < sorted.Count && sorted[i + 1].Start == sorted[i].Start)
            {
                continue;
            }
            sorted[kept++] = sorted[i];
        }
        var (starts, ends, places, names) = (new ulong[kept], new ulong[kept], new int[kept], new uint[kept]);
        for (var i = 0; i < kept; i++)
        {
            const ulong MostWithoutSize = 1 << 20;
            starts[i] = sorted[i].Start;
            var next = i + 1 < kept ? sorted[i + 1].Start : ulong.MaxValue;
            ends[i] = sorted[i].Size == 0 ? Math.Min(next, starts[i] + Math.Min(MostWithoutSize, ulong.MaxValue - starts[i]))
                : starts[i] + Math.Min(sorted[i].Size, ulong.MaxValue - starts[i]);
            places[i] = i;
            names[i] = sorted[i].Name;
        }
        return new SymbolTable(new RangeIndex(starts, ends, places), names, texts);
    }

    private readonly record struct Function(ulong Start, ulong Size, uint Name, int Rank) : IComparable<Function>
    {
        public static bool TryRead(ReadOnlySpan<byte> entry, out Function function)
        {
            const int NoType = 0, Func = 2, IndirectFunc = 10, Undefined = 0;
            const int Global = 1, Weak = 2;
            var type = entry[4] & 15;
            var binding = entry[4] >> 4;
            // Code in assembler often has no type; whether it is code is told by its section.
            var rank = (type == NoType ? 0 : 4) + binding switch { Global => 2, Weak => 1, _ => 0 };
            function = new Function(
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                rank);
            return type is NoType or Func or IndirectFunc && function.Name != 0 && BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) != Undefined;
        }

        /// <summary>By place; of one place first those with no size, then local names, then weak, then global ones.</summary>
        public int CompareTo(Function other) => Start != other.Start ? Start.CompareTo(other.Start)
            : Size == 0 != (other.Size == 0) ? (Size == 0 ? -1 : 1)
            : Rank != other.Rank ? Rank.CompareTo(other.Rank)
            : other.Name.CompareTo(Name);
    }
}
