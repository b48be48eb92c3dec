using WebVmMap.Core.Recordings;
using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// Recordings as whoever has a link may see them: always without the words of those who made them, and without what the rules take out,
/// wherever a text comes from. Thread-safe.
/// </summary>
internal sealed class RedactedRecordings(IRecordingReader recordings, RedactionRules rules) : IRecordingReader
{
    // A recording does not know the account of its process; folders take most that names it.
    private readonly TextRedactor _redactor = new(rules, "");

    public Recording? Find(string id) => recordings.Find(id) is { } found ? Redact(found, rules) : null;

    public IDisposable Subscribe(string id, Action wake) => recordings.Subscribe(id, wake);

    public Task<T?> ReadAsync<T>(string id, Func<RecordingState, T> read, CancellationToken cancellation) =>
        recordings.ReadAsync(id, state => read(Redact(state)), cancellation);

    public Task<T?> ReadSpanAsync<T>(
        string id, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation) =>
        recordings.ReadSpanAsync(id, span, (state, totals) => read(Redact(state), totals), cancellation);

    public Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation) => recordings.FindBlocksAsync(id, question, cancellation);

    /// <summary>What is known of one, without what is not to be told.</summary>
    public static Recording Redact(Recording recording, RedactionRules rules)
    {
        var redactor = new TextRedactor(rules, "");
        return recording with
        {
            CommandLine = rules.CommandLine ? "" : redactor.Apply(recording.CommandLine),
            Error = redactor.Apply(recording.Error),
            StartedBy = "",
            Name = "",
            Note = "",
            // Labels are the moments of a load test, and bound the spans of the view.
            Marks = [.. recording.Marks.Select(mark => mark with { By = "" })],
        };
    }

    private RecordingState Redact(RecordingState state) => rules.Paths ? state.WithTexts(_redactor.Apply) : state;
}
