namespace WebVmMap.Hub.Hosts;

/// <summary>What is said about a host in more than one place.</summary>
internal static class HostMessages
{
    public static string Unknown(string hostId) => $"There is no host {hostId}: it appears once an agent has connected from it.";

    public static string EmptyNotPermitted(HostState host) =>
        $"The agent of {host.Name} does not permit emptying working sets: start it there with --allow-empty-working-set.";

    public static string SourceNotPermitted(string hostName) =>
        $"The agent of {hostName} does not permit source text: start it there with --allow-source.";

    public static string Offline(HostState host) =>
        $"The agent of {host.Name} is not connected, and was last heard of at {host.LastSeen:yyyy-MM-dd HH:mm:ss} UTC: start webvmmap-agent there, or see what it says.";
}
