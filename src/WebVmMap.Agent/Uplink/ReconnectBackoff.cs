namespace WebVmMap.Agent.Uplink;

/// <summary>
/// How long to wait before dialling again: 1 to 15 seconds, growing while attempts fail, and random, so that the agents of a
/// hub that was restarted do not all come at once. Not thread-safe.
/// </summary>
/// <param name="random">A number from 0 to below 1.</param>
internal sealed class ReconnectBackoff(Func<double> random)
{
    /// <summary>Never less than this.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Never more than this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _previous = Shortest;

    /// <summary>The next pause: anything from the shortest to three times the previous one ("decorrelated jitter",
    /// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).</summary>
    public TimeSpan Next()
    {
        var pause = Shortest + (((_previous * 3) - Shortest) * random());
        _previous = pause < Longest ? pause : Longest;
        return _previous;
    }

    /// <summary>A good message came: begin anew.</summary>
    public void Reset() => _previous = Shortest;
}
