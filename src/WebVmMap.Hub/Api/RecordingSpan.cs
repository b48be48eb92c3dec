using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A span of a recording as scripts give it: from and to are times or labels of marks, and the ends when left out.</summary>
/// <param name="From">The time it begins; null for the recording's begin.</param>
/// <param name="To">The time it ends; null for the recording's end.</param>
internal readonly record struct RecordingSpan(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Reads both.</summary>
    /// <param name="recording">The recording, for its marks.</param>
    /// <param name="from">The begin.</param>
    /// <param name="to">The end.</param>
    /// <param name="span">What they say.</param>
    /// <param name="prefix">What the parameters' names begin with.</param>
    /// <returns>What is wrong as a sentence, or null.</returns>
    public static string? Read(Recording recording, string? from, string? to, out RecordingSpan span, string prefix = "")
    {
        span = default;
        var wrong = Moment(recording, from, prefix.Length == 0 ? "from" : prefix + "From", out var begin);
        wrong = Moment(recording, to, prefix.Length == 0 ? "to" : prefix + "To", out var end) ?? wrong;
        if (wrong is not null)
        {
            return wrong;
        }
        if (begin > end)
        {
            return prefix.Length == 0 ? "from is after to." : $"{prefix}From is after {prefix}To.";
        }
        span = new RecordingSpan(begin, end);
        return null;
    }

    /// <summary>The intervals of which some part lies in the span.</summary>
    public (int From, int To) Intervals(RecordingState recording)
    {
        var (from, to) = SpanOfTime.Find(recording.Ends, From, To);
        return (Math.Min(from, to), to);
    }

    private static string? Moment(Recording recording, string? text, string parameter, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (SpanOfTime.TryTime(recording, text, out var known))
        {
            time = known;
            return null;
        }
        return $"{parameter} is a time in ISO 8601 or the label of a mark of this recording; there is no mark {text}.";
    }
}
