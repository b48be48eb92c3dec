using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Hosts that a test sets.</summary>
internal sealed class FakeHosts : IHostDirectory
{
    private readonly Wakes _wakes = new();

    public ImmutableArray<HostState> Hosts { get; private set; } = [];

    public static HostState Linux { get; } = new()
    {
        Id = "load-test-07",
        Name = "load-test-07",
        Platform = HostPlatform.Linux,
        OsDescription = "Debian GNU/Linux 12",
        Architecture = "x64",
        AgentVersion = "0.1.0",
        Online = true,
        LastSeen = new DateTimeOffset(2026, 11, 22, 15, 4, 58, TimeSpan.Zero),
        AgentResidentBytes = 31L << 20,
        AgentCpuShare = 0.0012,
        PermitsRecording = true,
    };

    public static HostState Windows { get; } = new()
    {
        Id = "build-win-3",
        Name = "BUILD-WIN-3",
        Platform = HostPlatform.Windows,
        OsDescription = "Windows Server 2025 (26100)",
        Architecture = "x64",
        AgentVersion = "0.1.0",
        Online = false,
        LastSeen = new DateTimeOffset(2026, 11, 22, 14, 10, 0, TimeSpan.Zero),
        Limitations = ["Processes of other users cannot be read: the agent does not run as SYSTEM. Install it as a service."],
    };

    public HostState? Find(string hostId) => Hosts.FirstOrDefault(h => h.Id == hostId);

    public IDisposable Subscribe(Action wake) => _wakes.Add(wake);

    public void Set(params ReadOnlySpan<HostState> hosts)
    {
        Hosts = [.. hosts];
        _wakes.WakeAll();
    }
}
