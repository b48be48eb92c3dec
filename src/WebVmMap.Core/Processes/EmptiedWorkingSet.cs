using System.Collections.Immutable;

namespace WebVmMap.Core.Processes;

/// <summary>What came of emptying a process's working set.</summary>
/// <param name="ResidentBefore">Bytes in memory just before, by the system's own figure.</param>
/// <param name="ResidentAfter">Bytes in memory just after, by the same figure. More than before when the process used memory meanwhile.</param>
/// <param name="Notes">What stayed in memory and why, one sentence each.</param>
public sealed record EmptiedWorkingSet(long ResidentBefore, long ResidentAfter, ImmutableArray<string> Notes);
