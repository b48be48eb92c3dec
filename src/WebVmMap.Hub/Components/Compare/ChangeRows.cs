using System.Collections;
using WebVmMap.Core.Diffs;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// The rows that the changes show, flattened: an allocation, then its regions when it is open. Rows are made when asked for.
/// Immutable and thread-safe.
/// </summary>
public sealed class ChangeRows : IReadOnlyList<ChangeRow>
{
    private readonly RegionDiff _regions;
    private readonly int[] _codes;

    internal ChangeRows(RegionDiff regions, int[] codes)
    {
        _regions = regions;
        _codes = codes;
    }

    /// <inheritdoc/>
    public int Count => _codes.Length;

    /// <inheritdoc/>
    public ChangeRow this[int index] => _codes[index] is var code && code < 0 ? new(~code, -1) : new(_regions.AllocationOf(code), code);

    /// <summary>Where an allocation's own row is.</summary>
    /// <returns>-1 when it does not show.</returns>
    public int IndexOfAllocation(int allocation) => Array.IndexOf(_codes, ~allocation);

    /// <summary>Where a region's row is, or that of its allocation while that is closed.</summary>
    /// <returns>-1 when neither shows.</returns>
    public int IndexOfRegion(int region) => Array.IndexOf(_codes, region) is >= 0 and var at ? at : IndexOfAllocation(_regions.AllocationOf(region));

    /// <inheritdoc/>
    public IEnumerator<ChangeRow> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
