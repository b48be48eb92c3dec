using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Hosts;

/// <summary>A machine with an agent on it, as it is known now. Immutable: a change makes a new one.</summary>
public sealed record HostState
{
    /// <summary>The hub's own id of the host, used in URLs: lower-case letters, digits and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>The name that its agent gave.</summary>
    public required string Name { get; init; }

    /// <summary>Its operating system.</summary>
    public required HostPlatform Platform { get; init; }

    /// <summary>Its operating system for people.</summary>
    public string OsDescription { get; init; } = "";

    /// <summary><c>x64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Version of its agent.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>True while its agent is connected.</summary>
    public bool Online { get; init; }

    /// <summary>When its agent was last heard of, UTC.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Whether the agent permits recordings.</summary>
    public bool PermitsRecording { get; init; }

    /// <summary>Whether the agent lets memory contents leave the host.</summary>
    public bool PermitsContents { get; init; }

    /// <summary>Whether the agent lets working sets be emptied.</summary>
    public bool PermitsEmptyWorkingSet { get; init; }

    /// <summary>Whether the agent lets source files be shown that recorded programs name.</summary>
    public bool PermitsSource { get; init; }

    /// <summary>What the agent may not do there, each with what to do about it.</summary>
    public IReadOnlyList<string> Limitations { get; init; } = [];

    /// <summary>Resident bytes of the agent itself, 0 before its first heartbeat.</summary>
    public long AgentResidentBytes { get; init; }

    /// <summary>Share of one core that the agent used lately: 0.01 is 1 %.</summary>
    public double AgentCpuShare { get; init; }
}
