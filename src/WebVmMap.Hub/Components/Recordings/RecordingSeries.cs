using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>A recording's timeline as columns for a chart: at most so many moments, each the end of some intervals. Immutable.</summary>
public sealed class RecordingSeries
{
    /// <summary>As many moments as a chart shows: beyond this an update takes the browser longer than a live recording leaves it.</summary>
    public const int MaxMoments = 300;

    private RecordingSeries(int count)
    {
        Times = new long[count];
        Live = new long[count];
        Allocated = new double[count];
        Freed = new double[count];
    }

    /// <summary>When, in milliseconds since 1970 UTC, ascending.</summary>
    public long[] Times { get; }

    /// <summary>Bytes live then.</summary>
    public long[] Live { get; }

    /// <summary>Bytes allocated a second, since the moment before.</summary>
    public double[] Allocated { get; }

    /// <summary>Bytes freed a second, since the moment before.</summary>
    public double[] Freed { get; }

    /// <summary>Thins a timeline out: live bytes are those at a moment's end, rates are averages over it, so that no byte is left out.</summary>
    /// <param name="startedAt">When the recording began.</param>
    /// <param name="timeline">Its intervals.</param>
    /// <param name="maxMoments">At most so many.</param>
    public static RecordingSeries Build(DateTimeOffset startedAt, IReadOnlyList<RecordingMoment> timeline, int maxMoments)
    {
        var count = Math.Min(timeline.Count, maxMoments);
        var series = new RecordingSeries(count);
        var next = 0;
        var before = startedAt;
        for (var moment = 0; moment < count; moment++)
        {
            var end = (int)((long)(moment + 1) * timeline.Count / count);
            var (allocated, freed) = (0L, 0L);
            for (; next < end; next++)
            {
                allocated += timeline[next].AllocatedBytes;
                freed += timeline[next].FreedBytes;
            }
            var last = timeline[end - 1];
            // Clocks of two machines may differ: an interval is never taken for shorter than a millisecond.
            var seconds = Math.Max(0.001, (last.EndedAt - before).TotalSeconds);
            series.Times[moment] = last.EndedAt.ToUnixTimeMilliseconds();
            series.Live[moment] = last.LiveBytes;
            series.Allocated[moment] = allocated / seconds;
            series.Freed[moment] = freed / seconds;
            before = last.EndedAt;
        }
        return series;
    }
}
