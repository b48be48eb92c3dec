namespace WebVmMap.Hub.Api;

/// <summary>What a snapshot cost.</summary>
/// <param name="ElapsedMs">Wall clock, in milliseconds.</param>
/// <param name="AgentCpuMs">Processor time of the agent, in milliseconds.</param>
internal sealed record SnapshotCostDto(double ElapsedMs, double AgentCpuMs);
