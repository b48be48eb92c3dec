namespace WebVmMap.Probes.Windows;

/// <summary>
/// How much memory the page tables of a process take, worked out as the processor lays them out, because Windows does not tell:
/// one page of tables for every 2 MiB, 1 GiB and 512 GiB of address space in which there is a page, and one at the top.
/// Addresses come in ascending order.
/// </summary>
internal struct PageTableEstimate
{
    private ulong _nextTable;
    private ulong _nextDirectory;
    private ulong _nextPointers;
    private long _pages;

    /// <summary>The estimate so far, in bytes.</summary>
    public readonly long Bytes => _pages == 0 ? 0 : (_pages + 1) * 4096;

    /// <summary>Counts the tables for all pages from the first to the last.</summary>
    public void Add(ulong first, ulong last)
    {
        Count(first >> 21, last >> 21, ref _nextTable);
        Count(first >> 30, last >> 30, ref _nextDirectory);
        Count(first >> 39, last >> 39, ref _nextPointers);
    }

    private void Count(ulong first, ulong last, ref ulong next)
    {
        first = Math.Max(first, next);
        if (first <= last)
        {
            _pages += (long)(last - first + 1);
            next = last + 1;
        }
    }
}
