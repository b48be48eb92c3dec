using System.Globalization;

namespace WebVmMap.Hub.Recordings;

/// <summary>Finds the intervals of a span that is told by times and marks.</summary>
internal static class SpanOfTime
{
    /// <summary>The intervals in which the span lies, from one up to but not including another.</summary>
    /// <param name="recording">The recording, for its marks.</param>
    /// <param name="ends">When its intervals ended, as they are there now.</param>
    /// <param name="from">A time, or a mark's label; empty for the beginning. Of several marks of one label, the last.</param>
    /// <param name="to">The same for the end.</param>
    /// <exception cref="ArgumentException">One is neither a time nor a mark, or the end lies before the beginning; the message says which.</exception>
    public static (int From, int To) Find(Recording recording, IReadOnlyList<DateTimeOffset> ends, string from, string to)
    {
        var (first, end) = Find(ends, from.Length == 0 ? null : TimeOf(recording, from), to.Length == 0 ? null : TimeOf(recording, to));
        return first <= end ? (first, end)
            : throw new ArgumentException("The span ends before it begins. Swap its ends.");
    }

    /// <summary>The same of times that are known already, null for an end that is not given; the first may lie behind the end.</summary>
    public static (int From, int To) Find(IReadOnlyList<DateTimeOffset> ends, DateTimeOffset? from, DateTimeOffset? to) => (
        from is { } begin ? Ended(ends, begin, orThen: true) : 0,
        // The interval in which the span ends belongs to it.
        to is { } end ? Math.Min(ends.Count, Ended(ends, end, orThen: false) + 1) : ends.Count);

    /// <summary>The time that a mark's label or a time stands for; of several marks of one label, the last.</summary>
    /// <returns>False when it is neither.</returns>
    public static bool TryTime(Recording recording, string text, out DateTimeOffset time)
    {
        if (recording.Marks.LastOrDefault(mark => mark.Label == text) is { } known)
        {
            time = known.At;
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static DateTimeOffset TimeOf(Recording recording, string end) =>
        TryTime(recording, end, out var time) ? time : throw new ArgumentException($"\"{end}\" is neither a mark of this recording nor a time.");

    /// <summary>How many intervals ended before a time, or then.</summary>
    private static int Ended(IReadOnlyList<DateTimeOffset> ends, DateTimeOffset time, bool orThen)
    {
        var (low, high) = (0, ends.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (ends[middle] < time || (orThen && ends[middle] == time))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
