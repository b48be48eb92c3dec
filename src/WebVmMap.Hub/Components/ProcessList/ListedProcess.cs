using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>A process and the host it runs on.</summary>
/// <param name="Host">The host.</param>
/// <param name="Process">The process.</param>
public sealed record ListedProcess(HostState Host, ProcessInfo Process);
