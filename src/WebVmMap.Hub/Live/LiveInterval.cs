namespace WebVmMap.Hub.Live;

/// <summary>How often a process may be sampled, in milliseconds; 0 is by hand.</summary>
internal static class LiveInterval
{
    public const int Shortest = 1_000;
    public const int Longest = 60_000;

    public static int Clamp(int intervalMs) => intervalMs <= 0 ? 0 : Math.Clamp(intervalMs, Shortest, Longest);
}
