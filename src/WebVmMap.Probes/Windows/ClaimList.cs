using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>What is known of ranges of addresses, ascending and never overlapping: of two claims on a page the first made wins.</summary>
internal sealed class ClaimList
{
    private readonly List<Claim> _claims = [];

    /// <summary>How many separate ranges there are.</summary>
    public int Count => _claims.Count;

    /// <summary>A range, ascending.</summary>
    public Claim this[int index] => _claims[index];

    /// <summary>Claims whatever of a range nobody has claimed before.</summary>
    public void Add(ulong start, ulong end, RegionCategory? category, string detail)
    {
        var index = FirstEndingAfter(start);
        while (start < end)
        {
            var free = index == _claims.Count ? end : Math.Min(end, _claims[index].Start);
            if (start < free)
            {
                _claims.Insert(index++, new Claim(start, free, category, detail));
            }
            if (index == _claims.Count)
            {
                return;
            }
            start = _claims[index++].End;
        }
    }

    /// <summary>True when a claim holds the address.</summary>
    public bool Holds(ulong address)
    {
        var index = FirstEndingAfter(address);
        return index < _claims.Count && _claims[index].Start <= address;
    }

    /// <summary>Index of the first range that ends after an address.</summary>
    public int FirstEndingAfter(ulong address)
    {
        var (low, high) = (0, _claims.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_claims[middle].End > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return low;
    }
}
