namespace WebVmMap.Agent.Policy;

/// <summary>How much an agent does for its hub at most, so that looking at a host never becomes a load on it.</summary>
internal sealed record AgentLimits
{
    /// <summary>Watched processes at once.</summary>
    public int Watches { get; init; } = 16;

    /// <summary>Snapshots being taken or uploaded at once.</summary>
    public int Snapshots { get; init; } = 2;

    /// <summary>Working sets being emptied at once.</summary>
    public int EmptiedWorkingSets { get; init; } = 1;

    /// <summary>Recordings at once, with those of which the hub has not all yet.</summary>
    public int Recordings { get; init; } = 4;

    /// <summary>Processes that a recorded one started, followed at once with it.</summary>
    public int Children { get; init; } = 32;

    /// <summary>Process lists being made at once.</summary>
    public int ProcessLists { get; init; } = 2;

    /// <summary>Share of one core that the full passes of one watch may take: 0.02 is 2 %.</summary>
    public double WatchCpuShare { get; init; } = 0.02;

    /// <summary>
    /// Share of the time that a full pass of one watch may be under way. A pass over a huge mapping holds the target's
    /// address space lock, so even one that costs little processor time is not repeated without a pause.
    /// </summary>
    public double WatchWallShare { get; init; } = 0.1;

    /// <summary>Shortest interval of a watch; a hub that asks for less gets this.</summary>
    public TimeSpan ShortestInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval of a watch.</summary>
    public TimeSpan LongestInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a hub is waited for that does not end its side of a stream after the agent has ended its own.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);
}
