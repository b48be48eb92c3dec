using System.Globalization;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Ingest;

/// <summary>Where sign-in leads: to a process of this machine if one was named at start, else to the hosts. Thread-safe.</summary>
internal sealed class LandingPage(HubOptions options, AgentConnections connections)
{
    /// <summary>The path, as of now.</summary>
    public string Path => options.LandingPid is { } pid && connections.LocalHostId is { } host
        ? string.Create(CultureInfo.InvariantCulture, $"/hosts/{Uri.EscapeDataString(host)}/processes/{pid}")
        : "/";
}
