namespace WebVmMap.Agent.Policy;

/// <summary>What this agent lets a hub do beyond looking at regions. All is off unless switched on here, at the agent.</summary>
/// <param name="Recording">Whether allocations may be recorded, for which a tracer is put into the process.</param>
/// <param name="Contents">Whether memory contents may leave the host.</param>
/// <param name="EmptyWorkingSet">Whether a process's pages may be taken out of memory, which slows it down until it has them back.</param>
/// <param name="Source">Whether the lines of source files that the debug information of a recorded program names may leave the host.</param>
internal readonly record struct AgentPermissions(bool Recording, bool Contents, bool EmptyWorkingSet = false, bool Source = false);
