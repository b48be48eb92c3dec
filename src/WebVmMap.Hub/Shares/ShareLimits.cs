using System.Globalization;
using System.Text.RegularExpressions;

namespace WebVmMap.Hub.Shares;

/// <summary>What a share link may be at most.</summary>
public static partial class ShareLimits
{
    /// <summary>Most characters of a name.</summary>
    public const int Name = 100;

    /// <summary>Most characters of a note.</summary>
    public const int Note = 1000;

    /// <summary>Most characters of a view state.</summary>
    public const int ViewState = 4000;

    /// <summary>Most links that are valid at a time.</summary>
    public const int Links = 1000;

    /// <summary>How long a link is good for unless something else is asked for.</summary>
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(7);

    /// <summary>The longest that a link is good for.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(90);

    /// <summary>The shortest.</summary>
    public static readonly TimeSpan ShortestLifetime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Reads how long a link is to be good for: <c>7d</c>, <c>12h</c>, <c>30m</c>; an ISO 8601 duration of weeks, days, hours, minutes and
    /// seconds, as <c>P7D</c> or <c>PT12H30M</c> (months and years have no fixed length); or a number of seconds.
    /// </summary>
    /// <returns>False when it is no such text, or shorter or longer than allowed.</returns>
    public static bool TryParseLifetime(string text, out TimeSpan lifetime)
    {
        lifetime = default;
        if (LifetimeText().Match(text) is not { Success: true } match)
        {
            return false;
        }
        // At most seven digits each: no sum of them overflows.
        lifetime = TimeSpan.FromDays(7 * Number(match, "w") + Number(match, "d")) + TimeSpan.FromHours(Number(match, "h"))
            + TimeSpan.FromMinutes(Number(match, "m")) + TimeSpan.FromSeconds(Number(match, "s"));
        return lifetime >= ShortestLifetime && lifetime <= LongestLifetime;
    }

    private static long Number(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? long.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    // A duration has at least one part, and after T another.
    [GeneratedRegex(
        @"^(?:(?<d>[0-9]{1,7})d|(?<h>[0-9]{1,7})h|(?<m>[0-9]{1,7})m|(?<s>[0-9]{1,7})|P(?<w>[0-9]{1,7})W|P(?=[0-9T])(?:(?<d>[0-9]{1,7})D)?(?:T(?=[0-9])(?:(?<h>[0-9]{1,7})H)?(?:(?<m>[0-9]{1,7})M)?(?:(?<s>[0-9]{1,7})S)?)?)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex LifetimeText();
}
