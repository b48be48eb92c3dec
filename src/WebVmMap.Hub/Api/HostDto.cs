using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Api;

/// <summary>A host.</summary>
/// <param name="Id">Its id in URLs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Os">Its operating system.</param>
/// <param name="Architecture"><c>x64</c> or <c>arm64</c>.</param>
/// <param name="AgentVersion">Version of its agent.</param>
/// <param name="Status"><c>online</c> or <c>offline</c>.</param>
/// <param name="LastSeen">When its agent was last heard of, UTC.</param>
/// <param name="Permits">What its agent permits.</param>
/// <param name="Limitations">What its agent may not do there, each with what to do about it.</param>
internal sealed record HostDto(
    string Id, string Name, string Os, string Architecture, string AgentVersion, string Status, DateTime LastSeen, HostPermitsDto Permits, IReadOnlyList<string> Limitations)
{
    public static HostDto Of(HostState host) => new(
        host.Id, host.Name, host.OsDescription, host.Architecture, host.AgentVersion, host.Online ? "online" : "offline",
        host.LastSeen.UtcDateTime, new HostPermitsDto(host.PermitsRecording, host.PermitsContents, host.PermitsEmptyWorkingSet, host.PermitsSource), host.Limitations);
}
