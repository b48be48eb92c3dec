using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>A snapshot without its regions: the fields of a JSON export.</summary>
internal sealed record SnapshotDto(
    string Id, string Host, string HostName, string Platform, SnapshotProcessDto Process, DateTime TakenAt, string Label, SnapshotCostDto Cost,
    IReadOnlyList<SummaryRowDto> Summary, SummaryRowDto Total, CountersDto Counters, IReadOnlyList<SnapshotNoteDto> Notes,
    string Note, bool Pinned, string Origin, string TakenBy, string? Schedule, string? ImportFile, string? ImportFormat)
{
    public static SnapshotDto Of(StoredSnapshot stored, Snapshot snapshot) => new(
        stored.Id, stored.HostId, stored.HostName, snapshot.Platform.ToString(), SnapshotProcessDto.Of(stored.Process), stored.TakenAt.UtcDateTime, stored.Label,
        new SnapshotCostDto(snapshot.Cost.ElapsedMs, snapshot.Cost.AgentCpuMs),
        [.. snapshot.Summary.Rows.Select(SummaryRowDto.Of)],
        SummaryRowDto.Of(snapshot.Summary.Total),
        CountersDto.Of(snapshot.Counters),
        [.. snapshot.Notes.Select(SnapshotNoteDto.Of)],
        stored.Note, stored.Pinned, SnapshotCauseName.Of(stored.Cause), stored.TakenBy, stored.ScheduleId, stored.ImportFile, stored.ImportFormat);
}
