using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A stretch of a recording's timeline: what happened in it, and what was live at its end, which is its time.</summary>
/// <param name="Time">Its end.</param>
/// <param name="LiveBytes">Bytes of the allocator that were live then.</param>
/// <param name="AllocatedBytes">Bytes that were allocated in it.</param>
/// <param name="FreedBytes">Bytes that were freed in it.</param>
/// <param name="Allocations">How many blocks were allocated in it.</param>
/// <param name="Frees">How many blocks were freed in it.</param>
/// <param name="LiveVirtualBytes">Bytes live then that the program had got from the system itself, in which the allocator's blocks lie.</param>
/// <param name="VirtualAllocatedBytes">Bytes that it got so in it.</param>
/// <param name="VirtualFreedBytes">Bytes that it gave back in it.</param>
internal sealed record TimelineBucketDto(
    DateTime Time, long LiveBytes, long AllocatedBytes, long FreedBytes, long Allocations, long Frees, long LiveVirtualBytes, long VirtualAllocatedBytes, long VirtualFreedBytes)
{
    /// <summary>The timeline in at most so many buckets of equally many intervals; the last may be shorter.</summary>
    public static IReadOnlyList<TimelineBucketDto> Of(IReadOnlyList<RecordingMoment> timeline, int buckets)
    {
        var size = Math.Max(1, (timeline.Count + buckets - 1) / buckets);
        var result = new List<TimelineBucketDto>((timeline.Count + size - 1) / size);
        for (var from = 0; from < timeline.Count; from += size)
        {
            var end = Math.Min(from + size, timeline.Count);
            var last = timeline[end - 1];
            var sum = new TimelineBucketDto(last.EndedAt.UtcDateTime, last.LiveBytes, 0, 0, 0, 0, last.LiveVirtualBytes, 0, 0);
            for (var i = from; i < end; i++)
            {
                sum = sum.With(timeline[i]);
            }
            result.Add(sum);
        }
        return result;
    }

    private TimelineBucketDto With(in RecordingMoment moment) => this with
    {
        AllocatedBytes = AllocatedBytes + moment.AllocatedBytes,
        FreedBytes = FreedBytes + moment.FreedBytes,
        Allocations = Allocations + moment.Allocations,
        Frees = Frees + moment.Frees,
        VirtualAllocatedBytes = VirtualAllocatedBytes + moment.VirtualAllocatedBytes,
        VirtualFreedBytes = VirtualFreedBytes + moment.VirtualFreedBytes,
    };
}
