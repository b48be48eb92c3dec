namespace WebVmMap.Hub.Retention;

/// <summary>What is kept how long, and how much there is. Immutable.</summary>
/// <param name="Settings">The limits.</param>
/// <param name="Hosts">Each host that has snapshots, by name.</param>
/// <param name="Recordings">Each host that has recordings, by name.</param>
/// <param name="Space">What the database takes.</param>
/// <param name="InBin">Deleted ones that can still be taken back.</param>
public sealed record RetentionState(RetentionSettings Settings, IReadOnlyList<HostUsage> Hosts, IReadOnlyList<HostUsage> Recordings, StoreSpace Space, int InBin);
