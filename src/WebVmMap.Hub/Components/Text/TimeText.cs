using System.Globalization;

namespace WebVmMap.Hub.Components.Text;

/// <summary>Times for people. The server does not know the browser's zone, so what it writes says UTC.</summary>
public static class TimeText
{
    /// <summary><c>2026-11-22 17:38:04 UTC</c>.</summary>
    public static string Full(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c>17:38:04</c>.</summary>
    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Machine-readable, for the <c>datetime</c> attribute.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary><c>just now</c>, <c>12 s ago</c>, <c>5 min ago</c>, <c>3 h ago</c>, <c>2 days ago</c>.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now)
    {
        var passed = now - time;
        return passed.TotalSeconds switch
        {
            < 2 => "just now",
            < 60 => $"{(int)passed.TotalSeconds} s ago",
            < 3600 => $"{(int)passed.TotalMinutes} min ago",
            < 48 * 3600 => $"{(int)passed.TotalHours} h ago",
            _ => $"{(int)passed.TotalDays} days ago",
        };
    }

    /// <summary><c>2 s</c>, <c>1.5 s</c>, <c>250 ms</c>.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.#} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.#} s"),
    };

    /// <summary>A stretch of time by its two largest units: <c>4 s</c>, <c>12 min 5 s</c>, <c>3 h 4 min</c>, <c>2 days 3 h</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 1 } => Two((int)span.TotalMinutes, "min", span.Seconds, "s"),
        { TotalDays: < 2 } => Two((int)span.TotalHours, "h", span.Minutes, "min"),
        _ => Two((int)span.TotalDays, "days", span.Hours, "h"),
    };

    /// <summary><c>0.4 %</c> of one core.</summary>
    public static string Share(double share) => share switch
    {
        <= 0 => "0 %",
        < 0.001 => "< 0.1 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %"),
    };

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
