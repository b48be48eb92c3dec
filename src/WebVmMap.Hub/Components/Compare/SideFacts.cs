using WebVmMap.Core.Processes;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>What the head of a comparison tells of one side.</summary>
/// <param name="HostName">On which host.</param>
/// <param name="Process">Of which process.</param>
/// <param name="TakenAt">When, UTC.</param>
/// <param name="Label">The user's words for it; empty when none.</param>
public sealed record SideFacts(string HostName, ProcessInfo Process, DateTimeOffset TakenAt, string Label)
{
    /// <summary>Those of a kept snapshot.</summary>
    public static SideFacts Of(StoredSnapshot stored) => new(stored.HostName, stored.Process, stored.TakenAt, stored.Label);
}
