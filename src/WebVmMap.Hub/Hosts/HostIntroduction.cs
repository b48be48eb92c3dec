using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Hosts;

/// <summary>What an agent tells of itself when it connects, checked.</summary>
public sealed record HostIntroduction
{
    /// <summary>Lasts across restarts and renames.</summary>
    public required string MachineId { get; init; }

    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its operating system.</summary>
    public required HostPlatform Platform { get; init; }

    /// <summary>Its operating system for people.</summary>
    public string OsDescription { get; init; } = "";

    /// <summary><c>x64</c> or <c>arm64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Version of the agent.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>Whether it permits recordings.</summary>
    public bool PermitsRecording { get; init; }

    /// <summary>Whether it lets memory contents leave the host.</summary>
    public bool PermitsContents { get; init; }

    /// <summary>Whether it lets working sets be emptied.</summary>
    public bool PermitsEmptyWorkingSet { get; init; }

    /// <summary>Whether it lets source files be shown that recorded programs name.</summary>
    public bool PermitsSource { get; init; }

    /// <summary>What it may not do there.</summary>
    public IReadOnlyList<string> Limitations { get; init; } = [];
}
