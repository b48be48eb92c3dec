namespace WebVmMap.Probes.Windows;

/// <summary>Every run of pages in use, ascending: the first step of a pass. Keeps its room between passes.</summary>
internal sealed class RegionWalk
{
    /// <summary>The most regions that a snapshot can hold (docs/formats.md).</summary>
    public const int MaxRegions = 4_000_000;

    private MemoryBasicInformation[] _regions = new MemoryBasicInformation[1024];

    /// <summary>What the walk found.</summary>
    public ReadOnlySpan<MemoryBasicInformation> Regions => _regions.AsSpan(0, Count);

    /// <summary>How many regions it found.</summary>
    public int Count { get; private set; }

    /// <summary>The system error that stopped the walk before the end of the address space; success when nothing did.</summary>
    public int Error { get; private set; }

    /// <summary>True when there were more than <see cref="MaxRegions"/>; the rest was left out.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Walks the address space anew.</summary>
    public void Run(IWindowsProcess process, CancellationToken cancellation)
    {
        Count = 0;
        Error = WindowsError.Success;
        Truncated = false;
        // The bounds are those of 64-bit programs here, for 32-bit ones too: the system keeps code and data above 4 GiB in them.
        var end = process.Bounds.End;
        for (var next = 0UL; next < end;)
        {
            if ((Count & 1023) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            Error = process.Query(next, out var region);
            if (Error != WindowsError.Success)
            {
                // Past the last region the system answers so, on some versions short of the documented end.
                Error = Error == WindowsError.InvalidParameter && Count > 0 ? WindowsError.Success : Error;
                return;
            }
            var regionEnd = region.End;
            if (regionEnd <= next)
            {
                return;
            }
            if (region.State != MemoryState.Free)
            {
                if (Count == MaxRegions)
                {
                    Truncated = true;
                    return;
                }
                // A region may have merged with the one before it since that one was read: only what is new counts.
                region.BaseAddress = next;
                region.RegionSize = regionEnd - next;
                Add(region);
            }
            next = regionEnd;
        }
    }

    /// <summary>Index of the region that holds an address, -1 when none does.</summary>
    public int Find(ulong address)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            ref readonly var region = ref _regions[middle];
            if (address < region.BaseAddress)
            {
                high = middle - 1;
            }
            else if (address >= region.End)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }
        return -1;
    }

    /// <summary>The allocation that holds an address: its first address, the first address after its last region, and its type.</summary>
    public bool TryFindAllocation(ulong address, out ulong start, out ulong end, out MemoryType type)
    {
        var at = Find(address);
        if (at < 0)
        {
            (start, end, type) = (0, 0, MemoryType.None);
            return false;
        }
        start = _regions[at].AllocationBase;
        type = _regions[at].Type;
        while (at + 1 < Count && _regions[at + 1].AllocationBase == start)
        {
            at++;
        }
        end = _regions[at].End;
        return true;
    }

    private void Add(in MemoryBasicInformation region)
    {
        if (Count == _regions.Length)
        {
            Array.Resize(ref _regions, _regions.Length * 2);
        }
        _regions[Count++] = region;
    }
}
