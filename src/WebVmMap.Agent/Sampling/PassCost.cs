namespace WebVmMap.Agent.Sampling;

/// <summary>What one full pass cost.</summary>
/// <param name="Cpu">Processor time of the agent: reading, parsing and encoding.</param>
/// <param name="Wall">From its beginning to its end.</param>
internal readonly record struct PassCost(TimeSpan Cpu, TimeSpan Wall);
