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

    /// <summary>Reads how long a link is to be good for: <c>7d</c>, <c>12h</c>, <c>30m</c>.</summary>
    /// <returns>False when it is no such text, or shorter or longer than allowed.</returns>
    public static bool TryParseLifetime(string text, out TimeSpan lifetime)
    {
        lifetime = default;
        if (LifetimeText().Match(text) is not { Success: true } match)
        {
            return false;
        }
        var count = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        lifetime = match.Groups[2].ValueSpan switch
        {
            "d" => TimeSpan.FromDays(count),
            "h" => TimeSpan.FromHours(count),
            _ => TimeSpan.FromMinutes(count),
        };
        return lifetime >= ShortestLifetime && lifetime <= LongestLifetime;
    }

    [GeneratedRegex("^([0-9]{1,6})([dhm])$", RegexOptions.CultureInvariant)]
    private static partial Regex LifetimeText();
}
