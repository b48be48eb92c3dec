using WebVmMap.Agent.Policy;

namespace WebVmMap.Agent.Sampling;

/// <summary>
/// How far apart full passes are. Every pass pays for itself: after it the watch rests until the pass is no more than its
/// allowed share of the time since it began, so the budget holds whatever the target grows to. Not thread-safe.
/// </summary>
internal sealed class SamplingBudget(AgentLimits limits)
{
    private PassCost _last;

    /// <summary>What the last pass cost.</summary>
    public PassCost Last => _last;

    /// <summary>Takes note of a pass.</summary>
    public void Spend(PassCost cost) => _last = cost;

    /// <summary>From the beginning of the last pass to that of the next one.</summary>
    /// <param name="wanted">What the viewers ask for.</param>
    public TimeSpan EffectiveInterval(TimeSpan wanted)
    {
        var forCpu = Rest(_last.Cpu, limits.WatchCpuShare);
        var forWall = AfterWishByHand;
        return Longest(wanted, Longest(forCpu, forWall));
    }

    /// <summary>
    /// From the beginning of the last pass to that of one asked for by hand. A person who asks once is not made to wait for
    /// the processor share to be earned, but the target is not held up all the time however often they ask.
    /// </summary>
    public TimeSpan AfterWishByHand => Rest(_last.Wall, limits.WatchWallShare);

    /// <summary>Brings what a hub asks for inside the limits; zero stays zero.</summary>
    public TimeSpan Admit(uint milliseconds)
    {
        var wanted = TimeSpan.FromMilliseconds(milliseconds);
        return wanted == TimeSpan.Zero ? wanted
            : wanted < limits.ShortestInterval ? limits.ShortestInterval
            : wanted > limits.LongestInterval ? limits.LongestInterval : wanted;
    }

    // Whole milliseconds, upwards: the figure that is reported is the one that is kept.
    private static TimeSpan Rest(TimeSpan cost, double share) => TimeSpan.FromMilliseconds(Math.Ceiling(cost.TotalMilliseconds / share));

    private static TimeSpan Longest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
