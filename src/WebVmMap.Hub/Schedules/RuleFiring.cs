using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Schedules;

/// <summary>A rule took a snapshot of a process: until its cool-down is over it takes no other, whatever becomes of the first. Immutable.</summary>
/// <param name="Process">Of which process.</param>
/// <param name="At">When, UTC.</param>
public readonly record struct RuleFiring(ProcessKey Process, DateTimeOffset At);
