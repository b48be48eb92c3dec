using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>Makes the union of two tables: first allocations are matched, then regions within those.</summary>
internal sealed class RegionDiffBuilder
{
    private readonly RegionTable _before;
    private readonly RegionTable _after;
    private readonly DiffMatching _matching;
    private readonly CommonTexts _texts;
    private readonly Extents _rowsBefore;
    private readonly Extents _rowsAfter;
    private readonly Extents _allocationsBefore;
    private readonly Extents _allocationsAfter;
    private readonly int[] _rowPartnerBefore;
    private readonly int[] _rowPartnerAfter;
    private readonly OverlapMatcher _overlaps = new();
    private readonly int[] _unionBefore;
    private readonly int[] _unionAfter;
    private readonly DiffAspects[] _aspects;
    private int _count;

    private RegionDiffBuilder(AllocationTable before, AllocationTable after, DiffMatching matching)
    {
        _before = before.Regions;
        _after = after.Regions;
        _matching = matching;
        _texts = CommonTexts.Of(_before.Strings, _after.Strings, alike: matching == DiffMatching.Identity);
        _rowsBefore = Extents.OfRegions(_before, _texts.Before);
        _rowsAfter = Extents.OfRegions(_after, _texts.After);
        _allocationsBefore = Extents.OfAllocations(before, _texts.Before);
        _allocationsAfter = Extents.OfAllocations(after, _texts.After);
        _rowPartnerBefore = Unmatched(_before.Count);
        _rowPartnerAfter = Unmatched(_after.Count);
        var most = _before.Count + _after.Count;
        _unionBefore = new int[most];
        _unionAfter = new int[most];
        _aspects = new DiffAspects[most];
    }

    /// <summary>Compares the regions in use.</summary>
    public static RegionDiff Build(AllocationTable before, AllocationTable after, DiffMatching matching) =>
        new RegionDiffBuilder(before, after, matching).Build();

    private RegionDiff Build()
    {
        var partnerBefore = Unmatched(_allocationsBefore.Count);
        var partnerAfter = Unmatched(_allocationsAfter.Count);
        if (_matching == DiffMatching.Address)
        {
            _overlaps.Match(
                _allocationsBefore, .._allocationsBefore.Count, _allocationsAfter, .._allocationsAfter.Count, 0, partnerBefore, partnerAfter);
        }
        else
        {
            IdentityMatcher.Match(_allocationsBefore, _before, _allocationsAfter, _after, _texts, partnerBefore, partnerAfter);
        }
        var order = _matching == DiffMatching.Address
            ? UnionOrder.ByAddress(_allocationsBefore, _allocationsAfter, partnerBefore, partnerAfter)
            : UnionOrder.ByPlace(_allocationsBefore, _allocationsAfter, partnerBefore, partnerAfter);
        var first = new int[order.Length + 1];
        for (var i = 0; i < order.Length; i++)
        {
            first[i] = _count;
            AddAllocation(order[i].Before, order[i].After);
        }
        first[^1] = _count;
        var (beforeRows, afterRows, aspects) = (_unionBefore[.._count], _unionAfter[.._count], _aspects[.._count]);
        var changes = new RegionChange[_count];
        var comparison = new RowComparison(_before, _after, _texts, _matching);
        comparison.AddAspects(beforeRows, afterRows, aspects);
        comparison.Judge(beforeRows, afterRows, aspects, changes);
        return new RegionDiff(_matching, _before, _after, beforeRows, afterRows, changes, aspects, first);
    }

    private static int[] Unmatched(int count)
    {
        var partners = new int[count];
        Array.Fill(partners, -1);
        return partners;
    }

    private void AddAllocation(int before, int after)
    {
        var beforeRun = before >= 0 ? _allocationsBefore.FirstRow[before].._allocationsBefore.EndRow[before] : 0..0;
        var afterRun = after >= 0 ? _allocationsAfter.FirstRow[after].._allocationsAfter.EndRow[after] : 0..0;
        var shift = 0UL;
        if (before >= 0 && after >= 0)
        {
            if (_matching == DiffMatching.Identity)
            {
                shift = unchecked(_allocationsAfter.First[after] - _allocationsBefore.First[before]);
            }
            _overlaps.Match(_rowsBefore, beforeRun, _rowsAfter, afterRun, shift, _rowPartnerBefore, _rowPartnerAfter);
            if (_matching == DiffMatching.Identity)
            {
                IdentityMatcher.MatchRest(_rowsBefore, beforeRun, _rowsAfter, afterRun, _rowPartnerBefore, _rowPartnerAfter);
            }
        }
        AddRows(beforeRun, afterRun, shift);
    }

    /// <summary>Adds the rows of an allocation: those of the newer one in order, and between them the removed ones by address.</summary>
    private void AddRows(Range beforeRun, Range afterRun, ulong shift)
    {
        var old = beforeRun.Start.Value;
        for (var now = afterRun.Start.Value; now < afterRun.End.Value; now++)
        {
            for (; old < beforeRun.End.Value && unchecked(_rowsBefore.First[old] + shift) <= _rowsAfter.First[now]; old++)
            {
                AddIfRemoved(old);
            }
            AddRow(_rowPartnerAfter[now], now);
        }
        for (; old < beforeRun.End.Value; old++)
        {
            AddIfRemoved(old);
        }
    }

    private void AddIfRemoved(int before)
    {
        if (_rowPartnerBefore[before] < 0)
        {
            AddRow(before, -1);
        }
    }

    private void AddRow(int before, int after)
    {
        _unionBefore[_count] = before;
        _unionAfter[_count] = after;
        if (before < 0 || after < 0)
        {
            _aspects[_count] = before < 0 ? PartOf(_rowsAfter, after, _rowsBefore) : PartOf(_rowsBefore, before, _rowsAfter);
        }
        _count++;
    }

    /// <summary>Whether a region that is in one snapshot only lies where the other one has something in use too.</summary>
    private DiffAspects PartOf(Extents own, int row, Extents others)
    {
        if (_matching == DiffMatching.Identity)
        {
            return DiffAspects.None;
        }
        var at = Array.BinarySearch(others.First, own.First[row]);
        for (at = at >= 0 ? at : Math.Max(0, ~at - 1); at < others.Count && others.First[at] <= own.Last[row]; at++)
        {
            if (others.Last[at] >= own.First[row] && !others.Category[at].IsGap())
            {
                return DiffAspects.Part;
            }
        }
        return DiffAspects.None;
    }
}
