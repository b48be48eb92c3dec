namespace WebVmMap.Core.Recordings;

/// <summary>
/// What each site did in a span of a recording: allocated and freed in it, and live at its end of what was allocated in it.
/// A span that begins at interval 0 begins before all: its live bytes are all that are live at its end, with those from before
/// the recording. Give it every interval of the span; others are passed over. Not thread-safe.
/// </summary>
public sealed class SpanTotals
{
    private readonly RecordingState _recording;
    private readonly AllocationFigures[] _sites;
    private readonly LifetimeCounts[] _short;

    /// <summary>Begins with nothing.</summary>
    /// <param name="recording">The recording, applied at least up to the end of the span.</param>
    /// <param name="from">Number of the first interval.</param>
    /// <param name="to">Number of the interval after the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is not within the recording.</exception>
    public SpanTotals(RecordingState recording, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, recording.Intervals);
        _recording = recording;
        From = from;
        AskedFrom = from;
        To = to;
        _sites = new AllocationFigures[recording.Sites.Count];
        _short = new LifetimeCounts[_sites.Length];
    }

    /// <summary>Number of the first interval.</summary>
    public int From { get; }

    /// <summary>Number of the first interval that was asked for: later than <see cref="From"/> where the span could not begin so exactly.</summary>
    public int AskedFrom { get; private set; }

    /// <summary>Number of the interval after the last.</summary>
    public int To { get; }

    /// <summary>The figures by site.</summary>
    public ReadOnlySpan<AllocationFigures> Sites => _sites;

    /// <summary>The whole of a recording as it is now, without its intervals.</summary>
    public static SpanTotals Whole(RecordingState recording)
    {
        var whole = new SpanTotals(recording, 0, recording.Intervals);
        for (var site = 0; site < whole._sites.Length; site++)
        {
            whole._sites[site] = recording.FiguresOf(site);
            whole._short[site] = recording.Ledger.CountsOf(site).Short;
        }
        return whole;
    }

    /// <summary>A span by what sites did until its begin and until its end: without its intervals, and no less exact.</summary>
    /// <param name="recording">The recording, applied at least up to the end of the span.</param>
    /// <param name="begin">What was done until it begins.</param>
    /// <param name="end">What was done until it ends.</param>
    /// <exception cref="ArgumentException">The span begins between two births that the later one does not tell apart.</exception>
    public static SpanTotals Between(RecordingState recording, SiteLedger begin, SiteLedger end)
    {
        var from = begin.Intervals;
        if (end.Exact(from) != from)
        {
            throw new ArgumentException($"A span from interval {from} on is not exact: births stand together by {end.Width}.");
        }
        var span = new SpanTotals(recording, from, end.Intervals);
        for (var site = 0; site < span._sites.Length; site++)
        {
            var counts = end.CountsOf(site).Less(begin.CountsOf(site));
            var figures = counts.Figures(recording.Sites[site].BeforeRecording);
            span._short[site] = counts.Short;
            span._sites[site] = from == 0 ? figures : figures with { LiveBytes = 0, LiveBlocks = 0 };
        }
        if (from > 0)
        {
            foreach (var (birth, live) in end.BirthsBySite)
            {
                var (site, born) = SiteLedger.Birth(birth);
                // What was counted when the recording began was not allocated in the span.
                if (born >= from && !recording.Sites[site].BeforeRecording)
                {
                    span._sites[site] += new AllocationFigures(live.Bytes, live.Blocks, 0, 0, 0, 0);
                }
            }
        }
        return span;
    }

    /// <summary>Adds an interval of the recording, in any order but each once.</summary>
    public void Add(RecordingInterval interval)
    {
        if (interval.Index < From || interval.Index >= To)
        {
            return;
        }
        foreach (var change in interval.Allocated)
        {
            ref var figures = ref _sites[change.Site];
            if (!_recording.Sites[change.Site].BeforeRecording)
            {
                figures += new AllocationFigures(change.Bytes, change.Blocks, change.Bytes, change.Blocks, 0, 0);
            }
            else if (From == 0)
            {
                figures += new AllocationFigures(change.Bytes, change.Blocks, 0, 0, 0, 0);
            }
        }
        foreach (var change in interval.Freed)
        {
            var bornWithin = change.Born >= From || From == 0;
            _sites[change.Site] += new AllocationFigures(
                bornWithin ? -change.Bytes : 0, bornWithin ? -change.Blocks : 0, 0, 0, change.Bytes, change.Blocks);
            if (change.Born >= 0)
            {
                _short[change.Site] = _short[change.Site].Add(LifetimeCounts.Of(interval.Index - change.Born, change.Blocks, change.Bytes));
            }
        }
    }

    /// <summary>Has the figures tell what was temporary; without this they tell of none.</summary>
    public SpanTotals WithTemporaries(TemporaryWithin within)
    {
        for (var site = 0; site < _sites.Length; site++)
        {
            var (blocks, bytes) = _short[site].Within(within);
            _sites[site] = _sites[site] with { Temporaries = blocks, TemporaryBytes = bytes };
        }
        return this;
    }

    /// <summary>Says which interval was asked for as the first.</summary>
    public SpanTotals Asked(int from)
    {
        AskedFrom = from;
        return this;
    }

    /// <summary>To be called when all intervals of the span were added: of blocks from before the recording, more may have been freed than were counted.</summary>
    public SpanTotals Complete()
    {
        foreach (ref var figures in _sites.AsSpan())
        {
            figures = figures with { LiveBytes = Math.Max(0, figures.LiveBytes), LiveBlocks = Math.Max(0, figures.LiveBlocks) };
        }
        return this;
    }
}
