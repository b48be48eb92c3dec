using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>In what two matched rows differ.</summary>
internal readonly ref struct RowComparison
{
    private readonly RegionTable _before;
    private readonly RegionTable _after;
    private readonly CommonTexts _texts;
    private readonly bool _byAddress;

    public RowComparison(RegionTable before, RegionTable after, CommonTexts texts, DiffMatching matching)
    {
        _before = before;
        _after = after;
        _texts = texts;
        _byAddress = matching == DiffMatching.Address;
    }

    /// <summary>Size decides, then Committed. Not for a row in which nothing differs.</summary>
    public static RegionChange Kind(long size, long committed) => (size != 0 ? size : committed) switch
    {
        > 0 => RegionChange.Grown,
        < 0 => RegionChange.Shrunk,
        0 => RegionChange.Changed,
    };

    /// <summary>Compares a row of each.</summary>
    public (RegionChange Change, DiffAspects Aspects) Compare(int before, int after)
    {
        var aspects = DiffAspects.None;
        var size = _after.Sizes[after] - _before.Sizes[before];
        var committed = Delta(RegionMetric.Committed, before, after);
        aspects |= size != 0 ? DiffAspects.Size : 0;
        aspects |= committed != 0 ? DiffAspects.Committed : 0;
        aspects |= Delta(RegionMetric.Private, before, after) != 0 ? DiffAspects.Private : 0;
        for (var metric = RegionMetric.PrivateWs; metric <= RegionMetric.Swap; metric++)
        {
            aspects |= Delta(metric, before, after) != 0 ? DiffAspects.Residency : 0;
        }
        aspects |= _before.Protections[before] != _after.Protections[after] ? DiffAspects.Protection : 0;
        aspects |= _before.Categories[before] != _after.Categories[after] ? DiffAspects.Category : 0;
        if (_byAddress)
        {
            aspects |= _before.Addresses[before] != _after.Addresses[after] ? DiffAspects.Address : 0;
            aspects |= _before.AllocationBases[before] != _after.AllocationBases[after] ? DiffAspects.Allocation : 0;
        }
        aspects |= SameDetails(before, after) ? 0 : DiffAspects.Details;
        return aspects == DiffAspects.None ? (RegionChange.Same, aspects) : (Kind(size, committed), aspects);
    }

    private bool SameDetails(int before, int after)
    {
        var old = _before.Details[before];
        var now = _after.Details[after];
        // Another file is another file. But a thread's id, or an arena's address, is another one in every run.
        return _texts.Exact(old, now)
            || (!_byAddress && _after.Categories[after] is not (RegionCategory.Image or RegionCategory.MappedFile) && _texts.Alike(old, now));
    }

    private long Delta(RegionMetric metric, int before, int after) => _after.Column(metric)[after] - _before.Column(metric)[before];
}
