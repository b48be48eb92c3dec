using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Schedules;

/// <summary>When a rule last fired for each process, and how that is written down: <c>pid:start stamp:milliseconds since 1970</c>, apart by blanks.</summary>
internal static class RuleFirings
{
    /// <summary>How many are remembered; beyond that the oldest go. A rule takes at most eight snapshots a minute.</summary>
    public const int Maximum = 512;

    /// <summary>Whether a rule may fire for a process again.</summary>
    public static bool HasCooledDown(Schedule rule, ProcessKey process, DateTimeOffset now) =>
        !rule.Firings.Any(firing => firing.Process == process && Counts(rule, firing, now));

    /// <summary>What to remember after another run: the latest for each process, as long as it matters.</summary>
    public static ImmutableArray<RuleFiring> After(Schedule rule, IReadOnlyCollection<ProcessKey> fired, DateTimeOffset now) => !rule.IsRule ? [] :
    [
        .. rule.Firings.Where(firing => !fired.Contains(firing.Process) && Counts(rule, firing, now))
            .Concat(fired.Select(process => new RuleFiring(process, now)))
            .TakeLast(Maximum),
    ];

    /// <summary>Writes them.</summary>
    public static string Format(ImmutableArray<RuleFiring> firings) => string.Join(' ', firings.Select(
        firing => string.Create(CultureInfo.InvariantCulture, $"{firing.Process.Pid}:{firing.Process.StartStamp}:{firing.At.ToUnixTimeMilliseconds()}")));

    /// <summary>Reads what <see cref="Format"/> has written.</summary>
    public static ImmutableArray<RuleFiring> Parse(string text) => text.Length == 0 ? [] : [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read)];

    private static RuleFiring Read(string text)
    {
        var parts = text.Split(':');
        return new RuleFiring(
            new ProcessKey(int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)));
    }

    private static bool Counts(Schedule rule, RuleFiring firing, DateTimeOffset now) => firing.At >= now - TimeSpan.FromMinutes(rule.Minutes);
}
