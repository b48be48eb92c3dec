using System.Buffers;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Formats;

/// <summary>
/// What changed from one table to another: rows of the older that are no more, and rows of the newer that are new or
/// differ. A row is known by its address. Dispose of it to give its buffers back.
/// </summary>
internal readonly struct RegionDelta : IDisposable
{
    private readonly int[] _removed;
    private readonly int[] _changed;
    private readonly int _removedCount;
    private readonly int _changedCount;

    private RegionDelta(int[] removed, int removedCount, int[] changed, int changedCount)
    {
        _removed = removed;
        _removedCount = removedCount;
        _changed = changed;
        _changedCount = changedCount;
    }

    /// <summary>Rows of the older table.</summary>
    public ReadOnlySpan<int> Removed => _removed.AsSpan(0, _removedCount);

    /// <summary>Rows of the newer table.</summary>
    public ReadOnlySpan<int> Changed => _changed.AsSpan(0, _changedCount);

    /// <summary>Walks both tables once, side by side.</summary>
    /// <param name="older">Its texts are the beginning of those of <paramref name="newer"/>.</param>
    /// <param name="newer">The table to arrive at.</param>
    /// <param name="includeGaps">Whether Free and Unusable rows are compared or left out of both.</param>
    public static RegionDelta Between(RegionTable older, RegionTable newer, bool includeGaps)
    {
        var removed = ArrayPool<int>.Shared.Rent(older.Count);
        var changed = ArrayPool<int>.Shared.Rent(newer.Count);
        var removedCount = 0;
        var changedCount = 0;
        var old = 0;
        var now = 0;
        while (old < older.Count || now < newer.Count)
        {
            if (!includeGaps && old < older.Count && older.Categories[old].IsGap())
            {
                old++;
            }
            else if (!includeGaps && now < newer.Count && newer.Categories[now].IsGap())
            {
                now++;
            }
            else if (now == newer.Count || (old < older.Count && older.Addresses[old] < newer.Addresses[now]))
            {
                removed[removedCount++] = old++;
            }
            else if (old == older.Count || newer.Addresses[now] < older.Addresses[old])
            {
                changed[changedCount++] = now++;
            }
            else
            {
                if (!Same(older, old, newer, now))
                {
                    changed[changedCount++] = now;
                }
                old++;
                now++;
            }
        }
        return new RegionDelta(removed, removedCount, changed, changedCount);
    }

    /// <summary>The table that results from dropping rows and replacing or inserting others. Gaps are derived anew, whatever was sent of them.</summary>
    /// <param name="older">The table that changes, complete within <paramref name="bounds"/>.</param>
    /// <param name="removed">Addresses of rows to drop, ascending.</param>
    /// <param name="changed">Rows to insert, or to put in the place of the one at the same address. Its texts become the result's.</param>
    /// <param name="bounds">The address space that the result is complete in.</param>
    /// <exception cref="InvalidDataException">A row to drop does not exist, or the result overlaps or is too large.</exception>
    public static RegionTable Apply(RegionTable older, ReadOnlySpan<ulong> removed, RegionTable changed, AddressSpaceBounds bounds)
    {
        // A region that is new may have a gap after it that is new too.
        var result = new CompleteTableBuilder(bounds, older.Count + 2 * CountInserted(older, changed));
        var row = 0;
        var drop = 0;
        var take = 0;
        while (drop < removed.Length || take < changed.Count)
        {
            var dropping = take == changed.Count || (drop < removed.Length && removed[drop] <= changed.Addresses[take]);
            var address = dropping ? removed[drop] : changed.Addresses[take];
            var at = LowerBound(older.Addresses, row, address);
            result.AddRange(older, row, at - row);
            row = at;
            var exists = row < older.Count && older.Addresses[row] == address;
            if (dropping)
            {
                if (!exists)
                {
                    throw new InvalidDataException($"The delta drops the region 0x{address:x}, which does not exist.");
                }
                drop++;
            }
            else
            {
                result.AddRange(changed, take++, 1);
            }
            row += exists ? 1 : 0;
        }
        result.AddRange(older, row, older.Count - row);
        if (result.Regions > FormatLimits.MaxRegions)
        {
            throw new InvalidDataException($"The delta results in {result.Regions} regions; at most {FormatLimits.MaxRegions} are allowed.");
        }
        var table = result.Build(changed.Strings);
        CheckOrder(table);
        return table;
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_removed);
        ArrayPool<int>.Shared.Return(_changed);
    }

    private static bool Same(RegionTable older, int old, RegionTable newer, int now)
    {
        if (older.AllocationBases[old] != newer.AllocationBases[now]
            || older.Categories[old] != newer.Categories[now]
            || older.Protections[old] != newer.Protections[now]
            || older.Details[old] != newer.Details[now])
        {
            return false;
        }
        for (var metric = RegionMetric.Size; (int)metric < RegionTable.StoredMetrics; metric++)
        {
            if (older.Column(metric)[old] != newer.Column(metric)[now])
            {
                return false;
            }
        }
        return true;
    }

    private static int CountInserted(RegionTable older, RegionTable changed)
    {
        var inserted = 0;
        var row = 0;
        foreach (var address in changed.Addresses)
        {
            row = LowerBound(older.Addresses, row, address);
            inserted += row < older.Count && older.Addresses[row] == address ? 0 : 1;
        }
        return inserted;
    }

    /// <summary>The first row from <paramref name="from"/> on whose address is not below <paramref name="address"/>.</summary>
    private static int LowerBound(ReadOnlySpan<ulong> addresses, int from, ulong address)
    {
        var at = addresses[from..].BinarySearch(address);
        return from + (at >= 0 ? at : ~at);
    }

    private static void CheckOrder(RegionTable table)
    {
        var addresses = table.Addresses;
        for (var row = 1; row < addresses.Length; row++)
        {
            if (table.End(row - 1) is var end && (end == 0 || addresses[row] < end))
            {
                throw new InvalidDataException($"After the delta, region 0x{addresses[row]:x} begins before the end of the one before it.");
            }
        }
    }
}
