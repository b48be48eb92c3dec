namespace WebVmMap.Hub.Recordings;

/// <summary>
/// The clock that a recording's intervals tell, which is its host's and may be wrong by hours, as the hub sees it: each interval comes
/// after it ended, so of the last ones the one that came soonest is nearest to the difference. Not thread-safe.
/// </summary>
internal sealed class RecordingClock
{
    /// <summary>Of how many intervals: a minute of them. A clock that is set is believed when those before are past.</summary>
    public const int Last = 240;

    private readonly Queue<TimeSpan> _behind = new(Last);

    /// <summary>Takes an interval in.</summary>
    /// <param name="ended">When it ended, by the host's clock.</param>
    /// <param name="came">When it came, by the hub's.</param>
    public void Take(DateTimeOffset ended, DateTimeOffset came)
    {
        if (_behind.Count == Last)
        {
            _behind.Dequeue();
        }
        _behind.Enqueue(came - ended);
    }

    /// <summary>A time of the hub's clock by the host's, early by no more than the quickest interval was on its way; as it is while none came.</summary>
    public DateTimeOffset Of(DateTimeOffset hub) => _behind.Count == 0 ? hub : hub - _behind.Min();
}
