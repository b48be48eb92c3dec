using System.Runtime.InteropServices;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>
/// Makes a region table of the rows of a file in which allocations and their blocks both stand. A row that lies in another belongs to
/// it, however the file nests or orders them; what is innermost becomes a region. Not thread-safe.
/// </summary>
internal sealed class ImportedRows(ImportContext context, bool mergeDetails)
{
    private const ulong PageMask = RegionTableBuilder.PageSize - 1;

    // Nothing reaches into the last page, so that no end has to wrap; no system has memory there.
    private const ulong LastEnd = ulong.MaxValue - PageMask;

    // What a figure in KB may be short of.
    private const int Kibibyte = 1024;

    private readonly List<ImportedRow> _rows = [];
    private readonly List<ImportedRow> _within = [];
    private readonly StringTable _texts = new();
    private readonly RegionTableBuilder _table = new();
    private long _textBytes;
    private Region? _last;

    /// <summary>True once there is a row of what is not in use.</summary>
    public bool HasGaps { get; private set; }

    /// <summary>The lowest address of any row, those of what is not in use among them.</summary>
    public ulong Lowest { get; private set; } = ulong.MaxValue;

    /// <summary>The first address after all rows below 2^63.</summary>
    public ulong End { get; private set; }

    /// <summary>Blocks whose bounds were not those of pages.</summary>
    public int Moved { get; private set; }

    /// <summary>Bytes of allocations in which no block stood.</summary>
    public long Uncovered { get; private set; }

    public int Text(ReadOnlySpan<char> text) => ImportContext.Intern(_texts, text, ref _textBytes);

    /// <summary>Adds a row, in any order.</summary>
    /// <exception cref="InvalidDataException">It cannot be one.</exception>
    public void Add(in ImportedRow row)
    {
        context.CountRow();
        if (row.Size <= 0 || row.Address > LastEnd - (ulong)row.Size)
        {
            throw new InvalidDataException($"Its region 0x{row.Address:x} has {row.Size} bytes, which no region can have.");
        }
        Lowest = Math.Min(Lowest, row.Address);
        if (row.End <= long.MaxValue)
        {
            End = Math.Max(End, row.End);
        }
        if (row.Category.IsGap())
        {
            HasGaps = true;
            return;
        }
        _rows.Add(row);
    }

    /// <summary>The regions.</summary>
    /// <exception cref="InvalidDataException">The rows overlap.</exception>
    public RegionTable Build(HostPlatform platform)
    {
        // By address, and what contains before what is contained. Stable: of two alike the one that stands first is the allocation.
        var rows = IsOrdered() ? CollectionsMarshal.AsSpan(_rows) : _rows.OrderBy(row => row.Address).ThenByDescending(row => row.Size).ToArray();
        var blocks = new List<ImportedRow>();
        for (var i = 0; i < rows.Length;)
        {
            var allocation = rows[i++];
            blocks.Clear();
            while (i < rows.Length && rows[i].Address < allocation.End)
            {
                var block = rows[i++];
                if (block.End > AlignUp(allocation.End))
                {
                    throw new InvalidDataException($"Its block 0x{block.Address:x} reaches beyond the allocation 0x{allocation.Address:x}.");
                }
                // Only the innermost counts: what came before and holds this one does not.
                while (blocks.Count > 0 && Contains(blocks[^1], block))
                {
                    blocks.RemoveAt(blocks.Count - 1);
                }
                blocks.Add(block);
            }
            AddAllocation(allocation, CollectionsMarshal.AsSpan(blocks), platform);
        }
        Flush();
        _rows.Clear();
        return _table.Build(_texts.Seal());
    }

    private bool IsOrdered()
    {
        for (var i = 1; i < _rows.Count; i++)
        {
            var order = _rows[i - 1].Address.CompareTo(_rows[i].Address);
            if (order > 0 || (order == 0 && _rows[i - 1].Size < _rows[i].Size))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Contains(in ImportedRow outer, in ImportedRow inner) =>
        outer.Address <= inner.Address && inner.End <= outer.End;

    private static ulong AlignDown(ulong address) => address & ~PageMask;

    private static ulong AlignUp(ulong address) => (address + PageMask) & ~PageMask;

    private void AddAllocation(in ImportedRow allocation, ReadOnlySpan<ImportedRow> blocks, HostPlatform platform)
    {
        var start = AlignDown(allocation.Address);
        var end = AlignUp(allocation.End);
        if (blocks.IsEmpty)
        {
            Emit(allocation, start, start, end, allocation.Detail);
            return;
        }
        var at = start;
        for (var i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i];
            var from = AlignDown(block.Address);
            if (from < at && block.Address + Kibibyte <= blocks[i - 1].End)
            {
                throw new InvalidDataException($"Its blocks 0x{blocks[i - 1].Address:x} and 0x{block.Address:x} overlap.");
            }
            Fill(allocation, start, at, from, platform);
            at = Math.Max(at, from);
            // A block whose end lies inside a page gives that page to the next one, which begins there.
            var next = i + 1 < blocks.Length ? AlignDown(blocks[i + 1].Address) : end;
            var to = (block.End & PageMask) != 0 && next <= AlignUp(block.End) ? next : AlignUp(block.End);
            Moved += ((block.Address | block.End) & PageMask) != 0 ? 1 : 0;
            Emit(block, start, at, to, Detail(allocation.Detail, block.Detail, i == 0));
            at = Math.Max(at, to);
        }
        Fill(allocation, start, at, end, platform);
        JoinWithin();
    }

    /// <summary>Adds what no block of an allocation covers, as reserved: the allocation's size counts it.</summary>
    private void Fill(in ImportedRow allocation, ulong start, ulong from, ulong to, HostPlatform platform)
    {
        if (from >= to)
        {
            return;
        }
        Uncovered += (long)(to - from);
        var rest = new ImportedRow
        {
            Address = from,
            Size = (long)(to - from),
            Category = allocation.Category,
            Protection = platform == HostPlatform.Windows ? Protection.Reserved : Protection.None,
            Detail = allocation.Detail,
        };
        Emit(rest, start, from, to, allocation.Detail);
    }

    private void Emit(in ImportedRow row, ulong allocation, ulong from, ulong to, int detail)
    {
        var size = to > from ? (long)(to - from) : 0;
        if (size == 0)
        {
            // It lies wholly within a page that another block begins in or has taken: its figures go to that one.
            _within.Add(row);
            return;
        }
        Flush();
        var whole = row.Committed == row.Size && size != row.Size;
        _last = new Region
        {
            Address = from,
            Size = size,
            AllocationBase = allocation,
            Category = row.Category,
            Protection = row.Protection,
            Detail = detail,
            Committed = whole ? size : row.Committed,
            Private = whole && row.Private == row.Committed ? size : row.Private,
            PrivateWs = row.PrivateWs,
            ShareableWs = row.ShareableWs,
            SharedWs = row.SharedWs,
            LockedWs = row.LockedWs,
            Pss = row.Pss,
            Swap = row.Swap,
        };
        JoinWithin();
    }

    private void JoinWithin()
    {
        foreach (var row in _within)
        {
            _last = _last is { } region ? Joined(region, row) : null;
        }
        _within.Clear();
    }

    private static Region Joined(in Region region, in ImportedRow row) => checked(region with
    {
        Committed = region.Committed + row.Committed,
        Private = region.Private + row.Private,
        PrivateWs = region.PrivateWs + row.PrivateWs,
        ShareableWs = region.ShareableWs + row.ShareableWs,
        SharedWs = region.SharedWs + row.SharedWs,
        LockedWs = region.LockedWs + row.LockedWs,
        Pss = region.Pss + row.Pss,
        Swap = region.Swap + row.Swap,
    });

    private void Flush()
    {
        if (_last is { } region)
        {
            try
            {
                _table.Add(region);
            }
            catch (ArgumentException broken)
            {
                throw new InvalidDataException(ImportContext.Sentence(broken), broken);
            }
            _last = null;
        }
    }

    private int Detail(int allocation, int block, bool first)
    {
        if (!mergeDetails || block == allocation)
        {
            return block;
        }
        var texts = _texts;
        var outer = texts[allocation];
        var inner = texts[block];
        if (inner.Length == 0)
        {
            return allocation;
        }
        if (outer.Length == 0 || inner.StartsWith(outer.AsSpan().TrimEnd(), StringComparison.Ordinal))
        {
            return block;
        }
        // The first block's text stands for the allocation; the others say which file they are of, as agents have it.
        return first ? allocation : Text($"{outer} [{inner}]");
    }
}
