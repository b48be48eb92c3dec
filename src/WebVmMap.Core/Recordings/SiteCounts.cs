namespace WebVmMap.Core.Recordings;

/// <summary>What a site allocated and freed, and what of it soon after.</summary>
internal readonly record struct SiteCounts(long Blocks, long Bytes, long FreedBlocks, long FreedBytes, LifetimeCounts Short = default)
{
    public SiteCounts Add(SiteCounts other) =>
        new(Blocks + other.Blocks, Bytes + other.Bytes, FreedBlocks + other.FreedBlocks, FreedBytes + other.FreedBytes, Short.Add(other.Short));

    public SiteCounts Less(SiteCounts other) =>
        new(Blocks - other.Blocks, Bytes - other.Bytes, FreedBlocks - other.FreedBlocks, FreedBytes - other.FreedBytes, Short.Less(other.Short));

    /// <summary>
    /// The figures of a site that saw all its blocks come. Of blocks from before the recording, more may go than were counted
    /// when it began: then none are left, and never less than none.
    /// </summary>
    public AllocationFigures Figures(bool beforeRecording) => beforeRecording
        ? new AllocationFigures(Math.Max(0, Bytes - FreedBytes), Math.Max(0, Blocks - FreedBlocks), 0, 0, FreedBytes, FreedBlocks)
        : new AllocationFigures(Bytes - FreedBytes, Blocks - FreedBlocks, Bytes, Blocks, FreedBytes, FreedBlocks);
}
