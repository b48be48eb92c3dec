using WebVmMap.Hub.Retention;

namespace WebVmMap.Hub.Api;

/// <summary>What is kept how long, and how much there is.</summary>
/// <param name="Limits">The limits of each host; 0 is no limit.</param>
/// <param name="Hosts">What each host's snapshots take, and which goes next.</param>
/// <param name="Recordings">What each host's recordings take, and which goes next.</param>
/// <param name="Database">What the database takes on its disk.</param>
/// <param name="Deleted">Snapshots that can still be taken back.</param>
internal sealed record RetentionDto(RetentionSettings Limits, IReadOnlyList<HostUsage> Hosts, IReadOnlyList<HostUsage> Recordings, StoreSpace Database, int Deleted)
{
    public static RetentionDto Of(RetentionState state) => new(state.Settings, state.Hosts, state.Recordings, state.Space, state.InBin);
}
