using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// Brings together allocations of two address spaces by what they are. In turn, each time the first with the first and so on:
/// those equal in category, details, size and protection; in category and details; and both again with details alike but for what
/// a run decides (see <see cref="DetailIdentity"/>).
/// </summary>
internal static class IdentityMatcher
{
    /// <summary>Matches all allocations.</summary>
    public static void Match(
        Extents before, RegionTable regionsBefore, Extents after, RegionTable regionsAfter, CommonTexts texts, Span<int> partnerOfBefore, Span<int> partnerOfAfter)
    {
        for (var pass = 0; pass < 4; pass++)
        {
            var sized = pass % 2 == 0;
            var alike = pass >= 2;
            var waiting = new Dictionary<Likeness, Queue<int>>();
            for (var i = 0; i < before.Count; i++)
            {
                if (partnerOfBefore[i] < 0)
                {
                    var likeness = Likeness.Of(before, i, regionsBefore, texts, sized, alike);
                    if (!waiting.TryGetValue(likeness, out var queue))
                    {
                        waiting.Add(likeness, queue = new Queue<int>());
                    }
                    queue.Enqueue(i);
                }
            }
            for (var i = 0; i < after.Count; i++)
            {
                if (partnerOfAfter[i] < 0
                    && waiting.TryGetValue(Likeness.Of(after, i, regionsAfter, texts, sized, alike), out var queue)
                    && queue.TryDequeue(out var first))
                {
                    partnerOfBefore[first] = i;
                    partnerOfAfter[i] = first;
                }
            }
        }
    }

    /// <summary>Brings together what is left of the regions of two matched allocations: by category and protection, in order.</summary>
    public static void MatchRest(
        Extents before, Range beforeRun, Extents after, Range afterRun, Span<int> partnerOfBefore, Span<int> partnerOfAfter)
    {
        Dictionary<(RegionCategory, ulong), Queue<int>>? waiting = null;
        for (var i = beforeRun.Start.Value; i < beforeRun.End.Value; i++)
        {
            if (partnerOfBefore[i] < 0)
            {
                waiting ??= [];
                if (!waiting.TryGetValue((before.Category[i], before.Mark[i]), out var queue))
                {
                    waiting.Add((before.Category[i], before.Mark[i]), queue = new Queue<int>());
                }
                queue.Enqueue(i);
            }
        }
        for (var i = afterRun.Start.Value; waiting is not null && i < afterRun.End.Value; i++)
        {
            if (partnerOfAfter[i] < 0 && waiting.TryGetValue((after.Category[i], after.Mark[i]), out var queue) && queue.TryDequeue(out var first))
            {
                partnerOfBefore[first] = i;
                partnerOfAfter[i] = first;
            }
        }
    }

    private readonly record struct Likeness(RegionCategory Category, int Detail, ulong Bytes, Protection Protection)
    {
        public static Likeness Of(Extents extents, int i, RegionTable regions, CommonTexts texts, bool sized, bool alike)
        {
            var detail = alike ? texts.AlikeOf(extents.Detail[i]) : extents.Detail[i];
            return sized
                ? new Likeness(extents.Category[i], detail, extents.Last[i] - extents.First[i], regions.Protections[extents.FirstRow[i]])
                : new Likeness(extents.Category[i], detail, 0, Protection.None);
        }
    }
}
