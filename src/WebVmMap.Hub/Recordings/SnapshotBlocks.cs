using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>Takes the live blocks of recorded processes for their snapshots, and reads them again; those that were read last stay in memory. Thread-safe.</summary>
internal sealed partial class SnapshotBlocks(IRecordings recordings, HubDatabase database, ILogger<SnapshotBlocks> logger) : ISnapshotBlocks, ISnapshotRecordings
{
    /// <summary>Most blocks that are kept one by one: the biggest. By stack all are.</summary>
    public const int MaximumBlocks = 100_000;

    // So many come in one answer of an agent.
    private const int AtOnce = 10_000;

    private const int Kept = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<SnapshotRecording> _last = [];

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
            var excerpt = await recordings.ReadAsync(recording.Id, state => LiveExcerpt.Of(state, blocks, snapshot.TakenAt), cancellation).ConfigureAwait(false);
            return excerpt is null ? null : await Task.Run(() => Encode(recording.Id, excerpt), cancellation).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is AgentRequestException or StoreException)
        {
            Log.NotTaken(logger, recording.Id, ex.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<IRecordingReader?> ReadAsync(string snapshotId, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_last.FirstOrDefault(one => one.Id == snapshotId) is { } known)
            {
                return known;
            }
        }
        var record = await database.UseAsync(
            context => context.Snapshots.Where(s => s.Id == snapshotId).Join(context.SnapshotBlocks, s => s.Id, b => b.SnapshotId, (_, b) => b).AsNoTracking().FirstOrDefaultAsync(cancellation),
            cancellation).ConfigureAwait(false);
        if (record is null)
        {
            return null;
        }
        var read = await Task.Run(() => new SnapshotRecording(snapshotId, record.Stacks, record.Data), cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _last.AddFirst(read);
            if (_last.Count > Kept)
            {
                _last.RemoveLast();
            }
        }
        return read;
    }

    private async Task<KeptBlocks> FindAsync(string id, CancellationToken cancellation)
    {
        // By address, so that one that moved to another page of the answer meanwhile is there once.
        var blocks = new SortedDictionary<ulong, LiveBlock>();
        FoundBlocks found;
        var skip = 0;
        do
        {
            found = (await recordings.FindBlocksAsync(id, new BlockQuestion { Skip = skip, Top = AtOnce }, cancellation).ConfigureAwait(false)).Found;
            foreach (var block in found.Blocks)
            {
                blocks[block.Address] = block;
            }
            skip += AtOnce;
        }
        while (found.Blocks.Length == AtOnce && skip < MaximumBlocks);
        return new KeptBlocks
        {
            Blocks = [.. blocks.Values],
            LeftOutBlocks = Math.Max(0, found.Count - blocks.Values.Sum(block => (long)block.Weight)),
            LeftOutBytes = Math.Max(0, found.Bytes - blocks.Values.Sum(block => block.Size * block.Weight)),
        };
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
