using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Shares;

/// <summary>The newer side of a shared comparison, redacted.</summary>
/// <param name="HostName">Its host.</param>
/// <param name="SameHost">Whether that is the host of the older side.</param>
/// <param name="Snapshot">The snapshot.</param>
public sealed record OpenedSecond(string HostName, bool SameHost, Snapshot Snapshot);
