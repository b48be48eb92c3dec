using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>A recording's timeline as columns for a chart: at most so many moments, each the end of some intervals. Immutable.</summary>
public sealed class RecordingSeries
{
    /// <summary>As many moments as a chart shows: beyond this an update takes the browser longer than a live recording leaves it.</summary>
    public const int MaxMoments = 300;

    private RecordingSeries(int count, AllocationKind? rates)
    {
        Rates = rates;
        Times = new long[count];
        Live = new long[count];
        LiveVirtual = new long[count];
        Allocated = new double[count];
        Freed = new double[count];
    }

    /// <summary>When, in milliseconds since 1970 UTC, ascending.</summary>
    public long[] Times { get; }

    /// <summary>Bytes of the allocator that were live then.</summary>
    public long[] Live { get; }

    /// <summary>Bytes live then that the program got from the system itself. Never summed with <see cref="Live"/>: the allocator's blocks lie in them.</summary>
    public long[] LiveVirtual { get; }

    /// <summary>Of what the rates are; null for both together, as the call tree counts them then.</summary>
    public AllocationKind? Rates { get; }

    /// <summary>Bytes allocated a second, since the moment before.</summary>
    public double[] Allocated { get; }

    /// <summary>Bytes freed a second, since the moment before.</summary>
    public double[] Freed { get; }

    /// <summary>Thins a timeline out: live bytes are those at a moment's end, rates are averages over it, so that no byte is left out.</summary>
    /// <param name="startedAt">When the recording began.</param>
    /// <param name="timeline">Its intervals.</param>
    /// <param name="rates">Of what the rates are; null for both together.</param>
    /// <param name="maxMoments">At most so many.</param>
    public static RecordingSeries Build(DateTimeOffset startedAt, IReadOnlyList<RecordingMoment> timeline, AllocationKind? rates, int maxMoments)
    {
        var count = Math.Min(timeline.Count, maxMoments);
        var series = new RecordingSeries(count, rates);
        var next = 0;
        var before = startedAt;
        for (var moment = 0; moment < count; moment++)
        {
            var end = (int)((long)(moment + 1) * timeline.Count / count);
            var (allocated, freed) = (0L, 0L);
            for (; next < end; next++)
            {
                if (rates is not AllocationKind.Virtual)
                {
                    allocated += timeline[next].AllocatedBytes;
                    freed += timeline[next].FreedBytes;
                }
                if (rates is not AllocationKind.Heap)
                {
                    allocated += timeline[next].VirtualAllocatedBytes;
                    freed += timeline[next].VirtualFreedBytes;
                }
            }
            var last = timeline[end - 1];
            // Clocks of two machines may differ: an interval is never taken for shorter than a millisecond.
            var seconds = Math.Max(0.001, (last.EndedAt - before).TotalSeconds);
            series.Times[moment] = last.EndedAt.ToUnixTimeMilliseconds();
            series.Live[moment] = last.LiveBytes;
            series.LiveVirtual[moment] = last.LiveVirtualBytes;
            series.Allocated[moment] = allocated / seconds;
            series.Freed[moment] = freed / seconds;
            before = last.EndedAt;
        }
        return series;
    }
}
