namespace WebVmMap.Core.Diffs;

/// <summary>
/// Brings together stretches of two address spaces that overlap. Where one overlaps several, those go first that are most nearly
/// related (category, details, protection or base), then those that share most bytes, then the lower ones. So a heap that grew
/// over its reserve stays with the heap, and of a region of which a part changed protection, the part that did not is taken for it.
/// Each is matched at most once, and the other way around gives the same pairs. Not thread-safe; can be used again and again.
/// </summary>
internal sealed class OverlapMatcher
{
    private readonly List<Edge> _edges = [];

    /// <summary>Matches a run of stretches with another.</summary>
    /// <param name="before">The older ones.</param>
    /// <param name="beforeRun">Which of them.</param>
    /// <param name="after">The newer ones.</param>
    /// <param name="afterRun">Which of them.</param>
    /// <param name="shift">What to add to an older address, wrapping, to compare it with a newer one.</param>
    /// <param name="partnerOfBefore">Set for each match: index of the newer one by that of the older.</param>
    /// <param name="partnerOfAfter">Set for each match: index of the older one by that of the newer.</param>
    public void Match(
        Extents before, Range beforeRun, Extents after, Range afterRun, ulong shift, Span<int> partnerOfBefore, Span<int> partnerOfAfter)
    {
        var (old, oldEnd) = (beforeRun.Start.Value, beforeRun.End.Value);
        var (now, nowEnd) = (afterRun.Start.Value, afterRun.End.Value);
        while (old < oldEnd && now < nowEnd)
        {
            var oldLast = unchecked(before.Last[old] + shift);
            var overlap = Overlap(before, old, after, now, shift);
            if (overlap == 0)
            {
                Settle(partnerOfBefore, partnerOfAfter);
            }
            else
            {
                _edges.Add(new Edge(old, now, before.Kinship(old, after, now), overlap, _edges.Count));
            }
            // Both end together: nothing that follows overlaps what came before.
            if (oldLast == after.Last[now])
            {
                Settle(partnerOfBefore, partnerOfAfter);
                old++;
                now++;
            }
            else if (oldLast < after.Last[now])
            {
                old++;
            }
            else
            {
                now++;
            }
        }
        Settle(partnerOfBefore, partnerOfAfter);
    }

    private static ulong Overlap(Extents before, int old, Extents after, int now, ulong shift)
    {
        var first = Math.Max(unchecked(before.First[old] + shift), after.First[now]);
        var last = Math.Min(unchecked(before.Last[old] + shift), after.Last[now]);
        return first <= last ? last - first + 1 : 0;
    }

    /// <summary>Decides a group of overlapping stretches.</summary>
    private void Settle(Span<int> partnerOfBefore, Span<int> partnerOfAfter)
    {
        if (_edges.Count > 1)
        {
            _edges.Sort(Edge.BestFirst);
        }
        foreach (var edge in _edges)
        {
            if (partnerOfBefore[edge.Before] < 0 && partnerOfAfter[edge.After] < 0)
            {
                partnerOfBefore[edge.Before] = edge.After;
                partnerOfAfter[edge.After] = edge.Before;
            }
        }
        _edges.Clear();
    }

    private readonly record struct Edge(int Before, int After, int Kinship, ulong Bytes, int Order)
    {
        public static Comparison<Edge> BestFirst { get; } = static (a, b) =>
            a.Kinship != b.Kinship ? b.Kinship.CompareTo(a.Kinship)
            : a.Bytes != b.Bytes ? b.Bytes.CompareTo(a.Bytes)
            : a.Order.CompareTo(b.Order);
    }
}
