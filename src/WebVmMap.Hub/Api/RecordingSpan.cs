using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A span of a recording as scripts give it: from and to are times or labels of marks, and the ends when left out.</summary>
/// <param name="From">The time it begins; null for the recording's begin.</param>
/// <param name="To">The time it ends; null for the recording's end.</param>
internal readonly record struct RecordingSpan(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Reads both.</summary>
    /// <returns>What is wrong as a sentence, or null.</returns>
    public static string? Read(Recording recording, string? from, string? to, out RecordingSpan span)
    {
        span = default;
        var wrong = Moment(recording, from, "from", out var begin);
        wrong = Moment(recording, to, "to", out var end) ?? wrong;
        if (wrong is not null)
        {
            return wrong;
        }
        if (begin > end)
        {
            return "from is after to.";
        }
        span = new RecordingSpan(begin, end);
        return null;
    }

    /// <summary>The intervals of which some part lies in the span.</summary>
    public (int From, int To) Intervals(RecordingState recording)
    {
        var from = From is { } begin ? First(recording.Timeline, begin, including: false) : 0;
        var to = To is { } end ? Math.Min(First(recording.Timeline, end, including: true) + 1, recording.Intervals) : recording.Intervals;
        return (Math.Min(from, to), to);
    }

    private static string? Moment(Recording recording, string? text, string parameter, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (recording.Marks.LastOrDefault(mark => mark.Label == text) is { } mark)
        {
            time = mark.At;
            return null;
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            time = parsed;
            return null;
        }
        return $"{parameter} is a time in ISO 8601 or the label of a mark of this recording; there is no mark {text}.";
    }

    /// <summary>The first interval that ends after a time, or at it when that is included; the number of intervals when none does.</summary>
    private static int First(IReadOnlyList<RecordingMoment> timeline, DateTimeOffset time, bool including)
    {
        var (low, high) = (0, timeline.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var ended = timeline[middle].EndedAt;
            if (including ? ended >= time : ended > time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return low;
    }
}
