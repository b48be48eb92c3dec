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
/// <param name="Note">More words about it.</param>
/// <param name="Pinned">Whether retention spares it.</param>
/// <param name="Origin">What made it: <c>byHand</c>, <c>schedule</c>, <c>rule</c> or <c>import</c>.</param>
/// <param name="TakenBy">Who asked for it; empty when not known.</param>
/// <param name="Schedule">Id of the schedule or rule that took it.</param>
/// <param name="ImportFile">For an imported one, the file's name.</param>
/// <param name="ImportFormat">For an imported one, the file's format.</param>
internal sealed record SnapshotListItemDto(
    string Id, string Host, string HostName, SnapshotProcessDto Process, DateTime TakenAt, string Label, int Regions, long StoredBytes,
    long Committed, long Private, long TotalWs, string Note, bool Pinned, string Origin, string TakenBy, string? Schedule, string? ImportFile, string? ImportFormat)
{
    public static SnapshotListItemDto Of(StoredSnapshot stored) => new(
        stored.Id, stored.HostId, stored.HostName, SnapshotProcessDto.Of(stored.Process), stored.TakenAt.UtcDateTime, stored.Label,
        stored.RegionCount, stored.StoredBytes, stored.Committed, stored.Private, stored.TotalWs,
        stored.Note, stored.Pinned, SnapshotCauseName.Of(stored.Cause), stored.TakenBy, stored.ScheduleId, stored.ImportFile, stored.ImportFormat);
}
