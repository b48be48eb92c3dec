using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Store.Records;

/// <summary>What lists show of a recording; what is in it is in the table of segments.</summary>
internal sealed class RecordingRecord
{
    public required string Id { get; init; }

    public required string HostId { get; init; }

    public required string HostName { get; init; }

    public int Pid { get; set; }

    public long StartStamp { get; set; }

    public string Program { get; set; } = "";

    public string CommandLine { get; set; } = "";

    public bool Launched { get; init; }

    public bool Sampled { get; init; }

    public bool FollowsChildren { get; init; }

    public string ParentId { get; init; } = "";

    public int ParentPid { get; init; }

    public RecordingPhase Phase { get; set; }

    public string Error { get; set; } = "";

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; set; }

    public string StartedBy { get; init; } = "";

    public int Intervals { get; set; }

    public long StoredBytes { get; set; }

    public long LiveBytes { get; set; }

    public long LiveBlocks { get; set; }

    public long AllocatedBytes { get; set; }

    public long Allocations { get; set; }

    public long FreedBytes { get; set; }

    public long Frees { get; set; }

    public long VirtualLiveBytes { get; set; }

    public long VirtualLiveBlocks { get; set; }

    public long VirtualAllocatedBytes { get; set; }

    public long VirtualAllocations { get; set; }

    public long VirtualFreedBytes { get; set; }

    public long VirtualFrees { get; set; }

    /// <summary>How it fares, as JSON; null before the first interval, and where neither this nor the figures of virtual memory were kept yet.</summary>
    public string? Health { get; set; }

    public HeapBefore Before { get; set; }

    public long BeforeBlocks { get; set; }

    public long BeforeBytes { get; set; }

    public long BeforeUnwalkedBytes { get; set; }

    public bool KeepsBlocks { get; set; }

    public string Name { get; set; } = "";

    public string Note { get; set; } = "";

    public bool Pinned { get; set; }

    public long Events { get; set; }

    public long DroppedEvents { get; set; }
}
