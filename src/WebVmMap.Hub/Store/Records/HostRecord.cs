using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Store.Records;

/// <summary>A row of the table of hosts.</summary>
internal sealed class HostRecord
{
    public required string Id { get; init; }

    public required string MachineId { get; init; }

    public required string Name { get; set; }

    public HostPlatform Platform { get; set; }

    public string OsDescription { get; set; } = "";

    public string Architecture { get; set; } = "";

    public string AgentVersion { get; set; } = "";

    public DateTimeOffset LastSeen { get; set; }
}
