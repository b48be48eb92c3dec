using System.Runtime.CompilerServices;
using WebVmMap.Core.Diffs;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// Finds rows of a diff by address, and names them: <c>r:</c> a region and <c>a:</c> an allocation of the newer snapshot, as in
/// its own page; <c>o:</c> and <c>p:</c> those that only the older one has. Worked out once per diff. Thread-safe.
/// </summary>
public sealed class DiffLookup
{
    private static readonly ConditionalWeakTable<RegionDiff, DiffLookup> s_known = [];

    private readonly RegionDiff _regions;
    private readonly int[] _byBefore;
    private readonly int[] _byAfter;

    private DiffLookup(RegionDiff regions)
    {
        _regions = regions;
        _byBefore = new int[regions.Before.Count];
        _byAfter = new int[regions.After.Count];
        Array.Fill(_byBefore, -1);
        Array.Fill(_byAfter, -1);
        for (var row = 0; row < regions.Count; row++)
        {
            if (regions.BeforeRows[row] is >= 0 and var before)
            {
                _byBefore[before] = row;
            }
            if (regions.AfterRows[row] is >= 0 and var after)
            {
                _byAfter[after] = row;
            }
        }
    }

    /// <summary>That of a diff.</summary>
    public static DiffLookup Of(RegionDiff regions) => s_known.GetValue(regions, static of => new DiffLookup(of));

    /// <summary>The row whose region holds an address in the newer snapshot, -1 when there is none.</summary>
    public int FindAfter(ulong address) => _regions.After.Find(address) is >= 0 and var at ? _byAfter[at] : -1;

    /// <summary>The row whose region held an address in the older snapshot, -1 when there is none.</summary>
    public int FindBefore(ulong address) => _regions.Before.Find(address) is >= 0 and var at ? _byBefore[at] : -1;

    /// <summary>The token of a region.</summary>
    public string RegionToken(int row) => _regions.AfterRows[row] >= 0 ? SelectionTokens.Region(_regions.Address(row)) : SelectionTokens.OldRegion(_regions.Address(row));

    /// <summary>The token of an allocation: named by its first region of the newer snapshot, if it has one.</summary>
    public string AllocationToken(int allocation)
    {
        var first = _regions.FirstRegion[allocation];
        for (var row = first; row < _regions.FirstRegion[allocation + 1]; row++)
        {
            if (_regions.AfterRows[row] >= 0)
            {
                return SelectionTokens.Allocation(_regions.Address(row));
            }
        }
        return SelectionTokens.OldAllocation(_regions.Address(first));
    }

    /// <summary>The row of a token: that of the region, or the one which names the allocation.</summary>
    /// <param name="token">What is chosen.</param>
    /// <param name="isAllocation">Whether it means the allocation as a whole.</param>
    /// <returns>-1 when it is neither, or nothing is there.</returns>
    public int Find(string token, out bool isAllocation)
    {
        isAllocation = token is ['a' or 'p', ..];
        if (SelectionTokens.TryReadAddress(token, 'r', out var address) || SelectionTokens.TryReadAddress(token, 'a', out address))
        {
            return FindAfter(address);
        }
        return SelectionTokens.TryReadAddress(token, 'o', out address) || SelectionTokens.TryReadAddress(token, 'p', out address) ? FindBefore(address) : -1;
    }
}
