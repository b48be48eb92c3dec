using System.Collections.Concurrent;
using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Recordings;

/// <summary>Recordings as they are, and as they may be shown: all who look through the same rules share what is worked out. Thread-safe.</summary>
public sealed class RecordingSources(IRecordingReader recordings, CallTrees trees, CallTreeFeed feed, TimeProvider time)
{
    private readonly ConcurrentDictionary<RedactionRules, RecordingSource> _redacted = new();

    /// <summary>As they are.</summary>
    public RecordingSource Whole { get; } = new(recordings, trees, feed);

    /// <summary>Without what the rules take out.</summary>
    public RecordingSource Of(RedactionRules rules) => _redacted.GetOrAdd(rules, wanted =>
    {
        var reader = new RedactedRecordings(recordings, wanted);
        // What else is left out is in no call tree.
        if (!wanted.Paths)
        {
            return new RecordingSource(reader, trees, feed);
        }
        var redacted = new CallTrees(reader);
        return new RecordingSource(reader, redacted, new CallTreeFeed(reader, redacted, time));
    });
}
