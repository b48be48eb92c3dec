using System.Collections;

namespace WebVmMap.Hub.Components.Details;

/// <summary>
/// The rows that the details show, flattened: an allocation, then its regions when it is open. Rows are made when asked for,
/// so a list of 100,000 costs four bytes each. Immutable and thread-safe.
/// </summary>
public sealed class DetailsRows : IReadOnlyList<DetailsRow>
{
    private readonly int[] _codes;

    internal DetailsRows(DetailsModel model, int[] codes, bool isHeld)
    {
        Model = model;
        _codes = codes;
        IsHeld = isHeld;
    }

    /// <summary>Whose rows they are.</summary>
    public DetailsModel Model { get; }

    /// <summary>True when some stand where they stood rather than where the sort would have them.</summary>
    public bool IsHeld { get; }

    /// <summary>What the rows are known by from one sample to the next, in order; see <see cref="DetailsModel.Key"/>.</summary>
    public IEnumerable<ulong> Keys
    {
        get
        {
            foreach (var row in this)
            {
                yield return Model.Key(row);
            }
        }
    }

    /// <inheritdoc/>
    public int Count => _codes.Length;

    /// <inheritdoc/>
    public DetailsRow this[int index] => _codes[index] is var code && code < 0 ? new(~code, -1) : new(Model.Snapshot.Allocations.OfRegion(code), code);

    /// <summary>Where an allocation's own row is.</summary>
    /// <returns>-1 when it does not show.</returns>
    public int IndexOfAllocation(int allocation) => Array.IndexOf(_codes, ~allocation);

    /// <summary>Where a region's row is, or that of its allocation while that is closed.</summary>
    /// <returns>-1 when neither shows.</returns>
    public int IndexOfRegion(int region) =>
        Array.IndexOf(_codes, region) is >= 0 and var at ? at : IndexOfAllocation(Model.Snapshot.Allocations.OfRegion(region));

    /// <inheritdoc/>
    public IEnumerator<DetailsRow> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
