using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Recordings;
using WebVmMap.Agent.Sampling;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Uplink;

/// <summary>What lasts as long as the agent, through all its connections. Thread-safe.</summary>
/// <param name="Options">With whom it talks, and as whom.</param>
/// <param name="Probe">What the system tells.</param>
/// <param name="Recorders">What can be recorded here.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where log lines go.</param>
internal sealed record AgentContext(UplinkOptions Options, IHostProbe Probe, IRecorders Recorders, TimeProvider Time, ILogger Logger)
{
    /// <summary>Samples not sent because the hub was slow.</summary>
    public DropCount Drops { get; } = new();

    /// <summary>The recordings: they go on through all connections.</summary>
    public ActiveRecordings Recordings { get; } = new();

    /// <summary>
    /// How many full passes of watches run at the same time: they block in the system while they read, and half the cores
    /// (at least one) are left to the machine's own work.
    /// </summary>
    public SemaphoreSlim Passes { get; } = new(Math.Max(1, Environment.ProcessorCount / 2));
}
