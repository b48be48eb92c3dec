using WebVmMap.Core.Processes;

namespace WebVmMap.Probes;

/// <summary>The machine that a probe runs on.</summary>
/// <param name="MachineId">Lasts across restarts and renames; a hash, so that the machine's own id does not leave it.</param>
/// <param name="Name">The machine's network name.</param>
/// <param name="Platform">Its operating system.</param>
/// <param name="OsDescription">Its operating system for people, for example <c>Debian GNU/Linux 12 (bookworm)</c>.</param>
/// <param name="Architecture"><c>x64</c> or <c>arm64</c>.</param>
/// <param name="Limitations">What cannot be inspected with the rights at hand, each with what to do about it.</param>
public sealed record HostDescription(
    string MachineId,
    string Name,
    HostPlatform Platform,
    string OsDescription,
    string Architecture,
    IReadOnlyList<string> Limitations);
