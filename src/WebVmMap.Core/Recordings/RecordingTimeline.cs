using System.Collections;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What happened over a recording, as points of <see cref="Step"/> intervals each: one at first, and twice as many whenever there are more
/// points than <see cref="MaxMoments"/>, so that a day takes no more memory than two hours. No byte is left out by it. Not thread-safe.
/// </summary>
public sealed class RecordingTimeline : IReadOnlyList<RecordingMoment>
{
    /// <summary>As many points as there may be: more than two hours of intervals.</summary>
    public const int MaxMoments = 1 << 15;

    private readonly GrowingList<RecordingMoment> _moments;
    private int _inLast;

    /// <summary>Nothing yet.</summary>
    public RecordingTimeline()
        : this(new())
    {
    }

    private RecordingTimeline(GrowingList<RecordingMoment> moments) => _moments = moments;

    /// <summary>How many intervals a point has, a power of two; the last may have fewer.</summary>
    public int Step { get; private set; } = 1;

    /// <inheritdoc/>
    public int Count => _moments.Count;

    /// <inheritdoc/>
    public RecordingMoment this[int index] => _moments[index];

    /// <inheritdoc/>
    public IEnumerator<RecordingMoment> GetEnumerator() => _moments.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The points as they are now, which never change.</summary>
    internal RecordingTimeline View() => new(_moments.View()) { Step = Step, _inLast = _inLast };

    /// <summary>Adds what happened in the next intervals, which together are no more than a point.</summary>
    internal void Add(in RecordingMoment moment, int intervals = 1)
    {
        // What was kept of an earlier time may be finer than what is kept now, never coarser.
        while (intervals > Step)
        {
            Halve();
        }
        if (_moments.Count > 0 && _inLast + intervals <= Step)
        {
            _moments[^1] = Join(_moments[^1], moment);
            _inLast += intervals;
            return;
        }
        if (_moments.Count == MaxMoments)
        {
            Halve();
            Add(moment, intervals);
            return;
        }
        _moments.Add(moment);
        _inLast = intervals;
    }

    private void Halve()
    {
        Step *= 2;
        var count = _moments.Count;
        for (var pair = 0; pair < count / 2; pair++)
        {
            _moments[pair] = Join(_moments[2 * pair], _moments[(2 * pair) + 1]);
        }
        if (count % 2 != 0)
        {
            _moments[count / 2] = _moments[^1];
        }
        else if (count > 0)
        {
            _inLast += Step / 2;
        }
        _moments.Shorten((count + 1) / 2);
    }

    private static RecordingMoment Join(in RecordingMoment earlier, in RecordingMoment later) => later with
    {
        AllocatedBytes = earlier.AllocatedBytes + later.AllocatedBytes,
        Allocations = earlier.Allocations + later.Allocations,
        FreedBytes = earlier.FreedBytes + later.FreedBytes,
        Frees = earlier.Frees + later.Frees,
        VirtualAllocatedBytes = earlier.VirtualAllocatedBytes + later.VirtualAllocatedBytes,
        VirtualFreedBytes = earlier.VirtualFreedBytes + later.VirtualFreedBytes,
    };
}
