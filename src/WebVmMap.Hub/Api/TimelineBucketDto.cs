using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A stretch of a recording's timeline: what happened in it, and what was live at its end, which is its time.</summary>
internal sealed record TimelineBucketDto(DateTime Time, long LiveBytes, long AllocatedBytes, long FreedBytes, long Allocations, long Frees)
{
    /// <summary>The timeline in at most so many buckets of equally many intervals; the last may be shorter.</summary>
    public static IReadOnlyList<TimelineBucketDto> Of(IReadOnlyList<RecordingMoment> timeline, int buckets)
    {
        var size = Math.Max(1, (timeline.Count + buckets - 1) / buckets);
        var result = new List<TimelineBucketDto>((timeline.Count + size - 1) / size);
        for (var from = 0; from < timeline.Count; from += size)
        {
            var end = Math.Min(from + size, timeline.Count);
            var (allocated, freed, allocations, frees) = (0L, 0L, 0L, 0L);
            for (var i = from; i < end; i++)
            {
                allocated += timeline[i].AllocatedBytes;
                freed += timeline[i].FreedBytes;
                allocations += timeline[i].Allocations;
                frees += timeline[i].Frees;
            }
            var last = timeline[end - 1];
            result.Add(new TimelineBucketDto(last.EndedAt.UtcDateTime, last.LiveBytes, allocated, freed, allocations, frees));
        }
        return result;
    }
}
