using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Hosts;

/// <summary>The process of a recording that has begun.</summary>
/// <param name="Key">Which; its start stamp is 0 when it had ended by then.</param>
/// <param name="Program">Name of its executable, without directory, where the agent attached to it; empty when it was launched, or cannot be read.</param>
/// <param name="CommandLine">What it had been started with, where the agent attached to it; empty when it was launched, or cannot be read.</param>
public sealed record RecordedProcess(ProcessKey Key, string Program, string CommandLine);
