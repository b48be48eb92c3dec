namespace WebVmMap.Core.Snapshots;

/// <summary>What a snapshot cost to take.</summary>
/// <param name="ElapsedMs">Wall clock from first to last read, in milliseconds.</param>
/// <param name="AgentCpuMs">Processor time that the agent spent on it, in milliseconds.</param>
public readonly record struct SnapshotCost(double ElapsedMs, double AgentCpuMs);
