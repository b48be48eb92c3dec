using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// Call trees of recordings. All who look at the same stacks of one recording share one tree, and one that is still the newest is not
/// made again. Thread-safe.
/// </summary>
public sealed class CallTrees(IRecordingReader recordings)
{
    /// <summary>Most calls that are told one by one.</summary>
    public const int MaxCalls = 500_000;

    // Of more calls than that, those below this share of all that was allocated stand together.
    private const double CutShare = 1e-5;
    private const int Kept = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = [];

    /// <summary>The tree as of now.</summary>
    /// <returns>Null where there is no such recording.</returns>
    /// <exception cref="ArgumentException">The span is none of the recording; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public async Task<CallTreeMoment?> OfAsync(string id, CallTreeQuestion question, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return null;
        }
        var entry = EntryOf(id, question);
        await entry.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A mark that came since may move the span.
            if (entry.Moment is { } known && known.Intervals == recording.Intervals && entry.Marks == recording.Marks.Length)
            {
                return known;
            }
            var before = question.IsCompared
                ? await recordings.ReadSpanAsync(
                    id,
                    state => SpanOfTime.Find(recording, state.Ends, question.BaseFrom, question.BaseTo),
                    (_, span) => span.WithTemporaries(question.Within),
                    cancellation).ConfigureAwait(false)
                : null;
            var moment = await recordings.ReadSpanAsync(
                id,
                state => SpanOfTime.Find(recording, state.Ends, question.From, question.To),
                (state, span) => Make(state, span.WithTemporaries(question.Within), before, question),
                cancellation).ConfigureAwait(false);
            (entry.Moment, entry.Marks) = (moment, recording.Marks.Length);
            return moment;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private static CallTreeMoment Make(RecordingState state, SpanTotals span, SpanTotals? before, CallTreeQuestion question)
    {
        var options = new CallTreeOptions
        {
            View = question.View,
            Kind = question.Kind,
            SizeClass = question.Size,
            CollapseRecursion = question.CollapseRecursion,
            MergeLines = !question.SplitLines,
        };
        var tree = CallTree.Of(state, span, options, before);
        var isCut = tree.Nodes.Length > MaxCalls;
        if (isCut)
        {
            tree = CallTree.Of(state, span, options with { Metric = AllocationMetric.AllocatedBytes, MinShare = CutShare }, before);
        }
        if (question.HideSystem)
        {
            tree = tree.Without(place => state.IsSystem(place.Module));
        }
        var earlier = span.From < span.AskedFrom ? state.Ends[span.AskedFrom - 1] - (span.From == 0 ? state.Ends[0] : state.Ends[span.From - 1]) : TimeSpan.Zero;
        return new(tree, new CallTreeTokens(tree), state.Intervals, isCut, earlier) { Sizes = SizeHistogram.Of(state, span, question.Kind) };
    }

    private Entry EntryOf(string id, CallTreeQuestion question)
    {
        lock (_lock)
        {
            for (var at = _entries.First; at is not null; at = at.Next)
            {
                if (at.Value.Id == id && at.Value.Question == question)
                {
                    _entries.Remove(at);
                    _entries.AddFirst(at);
                    return at.Value;
                }
            }
            var entry = new Entry(id, question);
            _entries.AddFirst(entry);
            if (_entries.Count > Kept)
            {
                _entries.RemoveLast();
            }
            return entry;
        }
    }

    private sealed class Entry(string id, CallTreeQuestion question)
    {
        public string Id { get; } = id;

        public CallTreeQuestion Question { get; } = question;

        public SemaphoreSlim Turn { get; } = new(1);

        public CallTreeMoment? Moment { get; set; }

        public int Marks { get; set; }
    }
}
