using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// Answers for spans of recordings, and reads the same little of the database for a long one as for a short one: at most two key frames,
/// and the intervals from each to where the span begins or ends. What is read is a view: no interval waits for it. Thread-safe.
/// </summary>
internal sealed class SpanReader(RecordingStore store)
{
    /// <summary>
    /// A span of at most so many intervals, seventeen minutes, is read interval by interval where key frames do not tell apart what was
    /// allocated just before it began.
    /// </summary>
    public const int FineIntervals = 2 * RecordingStore.KeyIntervals;

    /// <summary>Reads from a recording with the totals of a span. Where the span is too long to begin exactly, it begins a little earlier.</summary>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public async Task<T> ReadAsync<T>(
        string id, LoadedRecording recording, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation)
    {
        while (true)
        {
            var ((from, to), isOpen) = recording.Read(state => span(state) is var asked && asked.To == state.Intervals ? (asked, true) : (asked, false));
            var end = isOpen ? null : await LedgerAsync(id, recording, to, cancellation).ConfigureAwait(false);
            var exact = end?.Exact(from) ?? recording.Read(state => state.Ledger.Exact(from));
            if (exact != from && to - from <= FineIntervals)
            {
                return await ReadFineAsync(id, recording, from, to, read, cancellation).ConfigureAwait(false);
            }
            var begin = await LedgerAsync(id, recording, exact, cancellation).ConfigureAwait(false);
            var (view, open) = recording.Read(state =>
            {
                if (end is not null)
                {
                    return (state.View(), null);
                }
                // While a begin was read, the recording went on: an open span ends where it is now.
                return span(state) == (from, state.Intervals) && state.Ledger.Exact(from) == exact
                    ? (state.View(), SpanTotals.Between(state, begin, state.Ledger))
                    : default((RecordingState?, SpanTotals?));
            });
            if (view is not null && (open ?? (end is null ? null : SpanTotals.Between(view, begin, end))) is { } totals)
            {
                return read(view, totals.Asked(from));
            }
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<T> ReadFineAsync<T>(
        string id, LoadedRecording recording, int from, int to, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation)
    {
        var view = recording.View();
        var totals = new SpanTotals(view, from, to);
        await foreach (var interval in store.ReadAsync(id, from, to, cancellation).ConfigureAwait(false))
        {
            totals.Add(interval);
        }
        return read(view, totals.Complete());
    }

    /// <summary>What sites did until an interval: from the key frame before it, and the intervals between.</summary>
    private async Task<SiteLedger> LedgerAsync(string id, LoadedRecording recording, int intervals, CancellationToken cancellation)
    {
        if (intervals == 0)
        {
            return new SiteLedger();
        }
        if (recording.FindLedger(intervals) is { } known)
        {
            return known;
        }
        var ledger = await store.FindLedgerAsync(id, intervals, cancellation).ConfigureAwait(false) ?? new SiteLedger();
        await foreach (var interval in store.ReadAsync(id, ledger.Intervals, intervals, cancellation).ConfigureAwait(false))
        {
            ledger.Apply(interval);
        }
        recording.Keep(ledger);
        return ledger;
    }
}
