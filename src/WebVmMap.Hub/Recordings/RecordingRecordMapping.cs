using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Recordings;

/// <summary>Recordings, from and to their row.</summary>
internal static class RecordingRecordMapping
{
    public static Recording ToRecording(this RecordingRecord record, IEnumerable<RecordingMarkRecord> marks) => new()
    {
        Id = record.Id,
        HostId = record.HostId,
        HostName = record.HostName,
        Pid = record.Pid,
        StartStamp = record.StartStamp,
        Program = record.Program,
        CommandLine = record.CommandLine,
        Launched = record.Launched,
        Sampled = record.Sampled,
        FollowsChildren = record.FollowsChildren,
        ParentId = record.ParentId,
        ParentPid = record.ParentPid,
        Phase = record.Phase,
        Error = record.Error,
        StartedAt = record.StartedAt,
        StoppedAt = record.StoppedAt,
        StartedBy = record.StartedBy,
        Intervals = record.Intervals,
        StoredBytes = record.StoredBytes,
        Total = new AllocationFigures(record.LiveBytes, record.LiveBlocks, record.AllocatedBytes, record.Allocations, record.FreedBytes, record.Frees),
        Virtual = record.Health is null
            ? null
            : new AllocationFigures(
                record.VirtualLiveBytes, record.VirtualLiveBlocks, record.VirtualAllocatedBytes, record.VirtualAllocations, record.VirtualFreedBytes, record.VirtualFrees),
        Health = record.Health is { } health ? JsonSerializer.Deserialize<RecordingHealth>(health) : null,
        Before = new FromBefore(record.Before, record.BeforeBlocks, record.BeforeBytes, record.BeforeUnwalkedBytes),
        KeepsBlocks = record.KeepsBlocks,
        Name = record.Name,
        Note = record.Note,
        Pinned = record.Pinned,
        Events = record.Events,
        DroppedEvents = record.DroppedEvents,
        Marks = [.. marks.OrderBy(mark => mark.Id).Select(mark => new RecordingMark(mark.At, mark.Label, mark.CreatedBy))],
    };

    public static RecordingRecord ToRecord(this Recording recording)
    {
        var record = new RecordingRecord
        {
            Id = recording.Id,
            HostId = recording.HostId,
            HostName = recording.HostName,
            Launched = recording.Launched,
            Sampled = recording.Sampled,
            FollowsChildren = recording.FollowsChildren,
            ParentId = recording.ParentId,
            ParentPid = recording.ParentPid,
            StartedAt = recording.StartedAt,
            StartedBy = recording.StartedBy,
        };
        record.Take(recording);
        return record;
    }

    /// <summary>Takes over what may change.</summary>
    public static void Take(this RecordingRecord record, Recording recording)
    {
        record.Pid = recording.Pid;
        record.StartStamp = recording.StartStamp;
        record.Program = recording.Program;
        record.CommandLine = recording.CommandLine;
        record.Phase = recording.Phase;
        record.Error = recording.Error;
        record.StoppedAt = recording.StoppedAt;
        record.Intervals = recording.Intervals;
        record.StoredBytes = recording.StoredBytes;
        record.LiveBytes = recording.Total.LiveBytes;
        record.LiveBlocks = recording.Total.LiveBlocks;
        record.AllocatedBytes = recording.Total.AllocatedBytes;
        record.Allocations = recording.Total.Allocations;
        record.FreedBytes = recording.Total.FreedBytes;
        record.Frees = recording.Total.Frees;
        record.VirtualLiveBytes = recording.Virtual?.LiveBytes ?? 0;
        record.VirtualLiveBlocks = recording.Virtual?.LiveBlocks ?? 0;
        record.VirtualAllocatedBytes = recording.Virtual?.AllocatedBytes ?? 0;
        record.VirtualAllocations = recording.Virtual?.Allocations ?? 0;
        record.VirtualFreedBytes = recording.Virtual?.FreedBytes ?? 0;
        record.VirtualFrees = recording.Virtual?.Frees ?? 0;
        record.Health = recording.Health is { } health ? JsonSerializer.Serialize(health) : null;
        record.Before = recording.Before.State;
        record.BeforeBlocks = recording.Before.Blocks;
        record.BeforeBytes = recording.Before.Bytes;
        record.BeforeUnwalkedBytes = recording.Before.UnwalkedBytes;
        record.KeepsBlocks = recording.KeepsBlocks;
        record.Name = recording.Name;
        record.Note = recording.Note;
        record.Pinned = recording.Pinned;
        record.Events = recording.Events;
        record.DroppedEvents = recording.DroppedEvents;
    }
}
