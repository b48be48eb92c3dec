using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>A snapshot of a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Id of its host.</param>
/// <param name="HostName">The host's name when it was taken.</param>
/// <param name="Process">The process.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
/// <param name="Label">The user's words for it.</param>
/// <param name="Regions">How many regions in use it holds.</param>
/// <param name="StoredBytes">Bytes that it takes in the store.</param>
/// <param name="Committed">Committed bytes in all.</param>
/// <param name="Private">Private bytes in all.</param>
/// <param name="TotalWs">Resident bytes in all.</param>
internal sealed record SnapshotListItemDto(
    string Id, string Host, string HostName, SnapshotProcessDto Process, DateTime TakenAt, string Label, int Regions, long StoredBytes,
    long Committed, long Private, long TotalWs)
{
    public static SnapshotListItemDto Of(StoredSnapshot stored) => new(
        stored.Id, stored.HostId, stored.HostName, SnapshotProcessDto.Of(stored.Process), stored.TakenAt.UtcDateTime, stored.Label,
        stored.RegionCount, stored.StoredBytes, stored.Committed, stored.Private, stored.TotalWs);
}
