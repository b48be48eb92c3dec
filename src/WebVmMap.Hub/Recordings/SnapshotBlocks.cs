using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Ingest;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Recordings;

/// <summary>Takes the live blocks of recorded processes for their snapshots, and reads them again; those that were read last stay in memory. Thread-safe.</summary>
internal sealed partial class SnapshotBlocks(IRecordings recordings, HubDatabase database, ILogger<SnapshotBlocks> logger) : ISnapshotBlocks, ISnapshotRecordings
{
    /// <summary>Most blocks that are kept one by one: the biggest. By stack all are.</summary>
    public const int MaximumBlocks = 100_000;

    private readonly LastRead<SnapshotRecording> _last = new(4);

    /// <inheritdoc/>
    public async Task<NewSnapshotBlocks?> TakeAsync(string hostId, Snapshot snapshot, CancellationToken cancellation)
    {
        var process = snapshot.Process.Key;
        var recording = recordings.All.FirstOrDefault(one =>
            one.Phase == RecordingPhase.Running && one.HostId == hostId && one.Pid == process.Pid && one.StartStamp == process.StartStamp && one.Intervals > 0);
        if (recording is null)
        {
            return null;
        }
        try
        {
            var blocks = await FindAsync(recording.Id, cancellation).ConfigureAwait(false);
            var excerpt = await recordings.ReadSpanAsync(
                recording.Id,
                state => (0, state.Intervals),
                (state, whole) => LiveExcerpt.Of(state, whole, blocks, snapshot.TakenAt),
                cancellation).ConfigureAwait(false);
            return excerpt is null ? null : await Task.Run(() => Encode(recording.Id, excerpt), cancellation).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is AgentRequestException or StoreException or ArgumentException)
        {
            Log.NotTaken(logger, recording.Id, ex.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<bool> HasAsync(string snapshotId, CancellationToken cancellation) =>
        database.UseAsync(context => Of(context, snapshotId).AnyAsync(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<IRecordingReader?> ReadAsync(string snapshotId, CancellationToken cancellation)
    {
        if (_last.Find(snapshotId) is { } known)
        {
            return known;
        }
        if (await database.UseAsync(context => Of(context, snapshotId).AsNoTracking().FirstOrDefaultAsync(cancellation), cancellation).ConfigureAwait(false) is not { } record)
        {
            return null;
        }
        var read = await Task.Run(() => new SnapshotRecording(snapshotId, record.Stacks, record.Data), cancellation).ConfigureAwait(false);
        _last.Keep(snapshotId, read);
        return read;
    }

    // Not of a snapshot that is deleted and can still be taken back.
    private static IQueryable<SnapshotBlocksRecord> Of(HubDbContext context, string snapshotId) =>
        context.Snapshots.Where(s => s.Id == snapshotId).Join(context.SnapshotBlocks, s => s.Id, b => b.SnapshotId, (_, b) => b);

    private async Task<KeptBlocks> FindAsync(string id, CancellationToken cancellation)
    {
        // By address, so that one that moved to another page of the answer meanwhile is there once.
        var blocks = new SortedDictionary<ulong, LiveBlock>();
        FoundBlocks found;
        var skip = 0;
        do
        {
            found = (await recordings.FindBlocksAsync(id, new BlockQuestion { Skip = skip, Top = IngestLimits.Blocks }, cancellation).ConfigureAwait(false)).Found;
            foreach (var block in found.Blocks)
            {
                blocks[block.Address] = block;
            }
            skip += IngestLimits.Blocks;
        }
        while (found.Blocks.Length == IngestLimits.Blocks && skip < MaximumBlocks);
        return KeptBlocks.Of([.. blocks.Values], found);
    }

    private static NewSnapshotBlocks Encode(string id, LiveExcerpt excerpt)
    {
        var stacks = new MemoryStream();
        RecordingFile.Begin(stacks);
        foreach (var interval in excerpt.Intervals)
        {
            RecordingFile.Append(stacks, interval);
        }
        return new NewSnapshotBlocks(id, stacks.ToArray(), KeptBlocksCodec.Encode(excerpt.Blocks));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 75, EventName = "SnapshotBlocksNotTaken", Level = LogLevel.Warning, Message = "The live blocks of recording {Id} could not be kept with a snapshot: {Reason}")]
        public static partial void NotTaken(ILogger logger, string id, string reason);
    }
}
