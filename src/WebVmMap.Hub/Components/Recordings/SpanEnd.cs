using System.Globalization;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>An end of a span as people write it and as addresses hold it: a mark's label, or a time.</summary>
internal static class SpanEnd
{
    private const string IsoFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>What an address holds for a time.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(IsoFormat, CultureInfo.InvariantCulture);

    /// <summary>What an address holds for what was typed; null when it is neither a mark nor a time.</summary>
    /// <param name="text">A mark's label, a full time, or a time of day (UTC) such as 17:38:04, which is taken for the first one from the recording's start on.</param>
    /// <param name="marks">Labels of the recording's marks.</param>
    /// <param name="startedAt">When the recording began.</param>
    public static string? Read(string text, IEnumerable<string> marks, DateTimeOffset startedAt)
    {
        var wanted = text.Trim();
        if (wanted.Length == 0 || marks.Contains(wanted))
        {
            return wanted;
        }
        if (TimeOnly.TryParseExact(wanted, ["H:mm", "H:mm:ss", "H:mm:ss.FFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            var day = startedAt.UtcDateTime.Date + time.ToTimeSpan();
            // A second before the start may be the start itself, as the page rounds it.
            return Of(new DateTimeOffset(day < startedAt.UtcDateTime.AddSeconds(-1) ? day.AddDays(1) : day, TimeSpan.Zero));
        }
        return DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var full) ? Of(full) : null;
    }

    /// <summary>How a page writes it.</summary>
    public static string Show(string end) => TryTime(end, out var time) ? TimeText.Clock(time) : end;

    /// <summary>A span in words: <c>17:38:04 – load</c>.</summary>
    public static string Words(string from, string to, bool hasEnded) =>
        $"{(from.Length == 0 ? "beginning" : Show(from))} \u2013 {(to.Length == 0 ? hasEnded ? "end" : "now" : Show(to))}";

    /// <summary>The time that it is, when it is one and not a mark.</summary>
    public static bool TryTime(string end, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(end, IsoFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
