using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Recordings;

/// <summary>Recordings in the database. Every method throws <see cref="StoreException"/> when that refuses. Thread-safe.</summary>
internal sealed class RecordingStore(HubDatabase database, AuditLog audit)
{
    /// <summary>So many intervals, about a minute, become one segment: few rows to read, and no interval is ever written twice but once.</summary>
    public const int SegmentIntervals = 256;

    /// <summary>
    /// After so many intervals, nine minutes, comes a key frame: few of them are small beside the intervals of a day, and the intervals
    /// between two are soon read.
    /// </summary>
    public const int KeyIntervals = 8 * SegmentIntervals;

    // A segment stays well below what either database takes as one value, and what is worth holding in memory at once.
    private const int MaximumSegmentBytes = 16 * 1024 * 1024;

    private const int LengthBytes = 4;

    // Rows that are held in memory at once.
    private const int AtOnce = 8;

    public Task<List<Recording>> LoadAsync(CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var marks = (await context.RecordingMarks.AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false)).ToLookup(mark => mark.RecordingId);
        var records = await context.Recordings.AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false);
        return records.ConvertAll(record => record.ToRecording(marks[record.Id]));
    }, cancellation);

    /// <summary>Adds one.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="what">What is written into the audit of it; null for nothing.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task AddAsync(Recording recording, string? what, CancellationToken cancellation) => database.UseAsync(context =>
    {
        context.Recordings.Add(recording.ToRecord());
        if (what is null)
        {
            return context.SaveChangesAsync(cancellation);
        }
        audit.Add(context, recording.StartedBy, AuditActions.RecordingStarted, recording.Id, what);
        return context.SaveChangesAsync(cancellation);
    }, cancellation);

    public Task ChangeAsync(Recording recording, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        await TakeAsync(context, recording, cancellation).ConfigureAwait(false);
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

    /// <summary>What was read so far.</summary>
    public RecordingReads Reads { get; } = new();

    /// <summary>Adds intervals that follow each other as one segment, and what is known of the recording with them; both or neither.</summary>
    public Task AppendAsync(Recording recording, int first, IReadOnlyList<ReadOnlyMemory<byte>> intervals, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var data = new byte[intervals.Sum(interval => LengthBytes + interval.Length)];
        var at = 0;
        foreach (var interval in intervals)
        {
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(at), interval.Length);
            interval.CopyTo(data.AsMemory(at + LengthBytes));
            at += LengthBytes + interval.Length;
        }
        context.RecordingSegments.Add(new RecordingSegmentRecord { RecordingId = recording.Id, First = first, Count = intervals.Count, Data = data });
        await TakeAsync(context, recording, cancellation).ConfigureAwait(false);
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Adds the next key frame.</summary>
    public Task AddKeyAsync(string id, RecordingKeyFrame key, CancellationToken cancellation) => database.UseAsync(context =>
    {
        context.RecordingKeys.Add(new RecordingKeyRecord
        {
            RecordingId = id,
            Intervals = key.Intervals,
            Additions = key.Additions.ToArray(),
            Ledger = key.Ledger.ToArray(),
        });
        return context.SaveChangesAsync(cancellation);
    }, cancellation);

    /// <summary>What is new with each key frame up to an interval, in order.</summary>
    public async IAsyncEnumerable<byte[]> ReadAdditionsAsync(string id, int intervals, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0; ;)
        {
            var begin = after;
            var keys = await database.UseAsync(
                context => context.RecordingKeys.AsNoTracking().Where(key => key.RecordingId == id && key.Intervals > begin && key.Intervals <= intervals)
                    .OrderBy(key => key.Intervals).Take(AtOnce).Select(key => new { key.Intervals, key.Additions }).ToListAsync(cancellation), cancellation).ConfigureAwait(false);
            if (keys.Count == 0)
            {
                yield break;
            }
            foreach (var key in keys)
            {
                Reads.Add(key.Additions.Length);
                yield return key.Additions;
                after = key.Intervals;
            }
        }
    }

    /// <summary>What sites did until the last key frame at or before an interval; null where there is none.</summary>
    public async Task<SiteLedger?> FindLedgerAsync(string id, int intervals, CancellationToken cancellation)
    {
        var ledger = await database.UseAsync(
            context => context.RecordingKeys.AsNoTracking().Where(key => key.RecordingId == id && key.Intervals <= intervals)
                .OrderByDescending(key => key.Intervals).Select(key => key.Ledger).FirstOrDefaultAsync(cancellation), cancellation).ConfigureAwait(false);
        if (ledger is null)
        {
            return null;
        }
        Reads.Add(ledger.Length);
        return RecordingKeyFrame.DecodeLedger(ledger);
    }

    /// <summary>Makes one segment of those that were added since the last time.</summary>
    public Task MergeAsync(string id, int from, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var parts = await context.RecordingSegments.AsNoTracking().Where(s => s.RecordingId == id && s.First >= from).OrderBy(s => s.First)
            .ToListAsync(cancellation).ConfigureAwait(false);
        for (var at = 0; at < parts.Count;)
        {
            var take = 1;
            var bytes = parts[at].Data.Length;
            while (at + take < parts.Count && bytes + parts[at + take].Data.Length <= MaximumSegmentBytes)
            {
                bytes += parts[at + take++].Data.Length;
            }
            await MergeAsync(context, parts.GetRange(at, take), cancellation).ConfigureAwait(false);
            at += take;
        }
        return 0;
    }, cancellation);

    /// <summary>The intervals of a span, in order.</summary>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync(string id, int from, int to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = from;
        while (next < to)
        {
            var segments = await SegmentsAsync(id, next, to, cancellation).ConfigureAwait(false);
            if (segments.Count == 0)
            {
                yield break;
            }
            foreach (var segment in segments)
            {
                Reads.Add(segment.Data.Length);
                foreach (var interval in Intervals(segment))
                {
                    if (interval.Index >= next && interval.Index < to)
                    {
                        next = interval.Index + 1;
                        yield return interval;
                    }
                }
            }
        }
    }

    /// <summary>Keeps what was live at the end, and what is known of the recording with it; both or neither.</summary>
    public Task AddBlocksAsync(Recording recording, byte[] data, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        if (await context.RecordingBlocks.AnyAsync(b => b.RecordingId == recording.Id, cancellation).ConfigureAwait(false))
        {
            return 0;
        }
        context.RecordingBlocks.Add(new RecordingBlocksRecord { RecordingId = recording.Id, Data = data });
        await TakeAsync(context, recording, cancellation).ConfigureAwait(false);
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

    /// <summary>What was live at the end; null when nothing was kept.</summary>
    public Task<byte[]?> ReadBlocksAsync(string id, CancellationToken cancellation) => database.UseAsync(
        context => context.RecordingBlocks.AsNoTracking().Where(b => b.RecordingId == id).Select(b => b.Data).FirstOrDefaultAsync(cancellation), cancellation);

    public Task AddMarkAsync(string id, RecordingMark mark, CancellationToken cancellation) => database.UseAsync(context =>
    {
        context.RecordingMarks.Add(new RecordingMarkRecord { RecordingId = id, At = mark.At, Label = mark.Label, CreatedBy = mark.By });
        return context.SaveChangesAsync(cancellation);
    }, cancellation);

    public Task DeleteAsync(Recording recording, string who, string what, CancellationToken cancellation) => database.FreeAsync(async context =>
    {
        var transaction = await context.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await context.RecordingSegments.Where(s => s.RecordingId == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            await context.RecordingKeys.Where(k => k.RecordingId == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            await context.RecordingBlocks.Where(b => b.RecordingId == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            await context.RecordingMarks.Where(m => m.RecordingId == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            await context.Recordings.Where(r => r.Id == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            audit.Add(context, who, AuditActions.RecordingDeleted, recording.Id, what);
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return 0;
        }
    }, cancellation);

    private static async Task TakeAsync(HubDbContext context, Recording recording, CancellationToken cancellation)
    {
        if (await context.Recordings.FirstOrDefaultAsync(r => r.Id == recording.Id, cancellation).ConfigureAwait(false) is { } record)
        {
            record.Take(recording);
        }
    }

    private static async Task MergeAsync(HubDbContext context, List<RecordingSegmentRecord> parts, CancellationToken cancellation)
    {
        if (parts.Count < 2)
        {
            return;
        }
        var data = new byte[parts.Sum(part => part.Data.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.Data.CopyTo(data, at);
            at += part.Data.Length;
        }
        var merged = new RecordingSegmentRecord
        {
            RecordingId = parts[0].RecordingId,
            First = parts[0].First,
            Count = parts.Sum(part => part.Count),
            Data = data,
        };
        var (first, end) = (merged.First, merged.First + merged.Count);
        var transaction = await context.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await context.RecordingSegments.Where(s => s.RecordingId == merged.RecordingId && s.First >= first && s.First < end)
                .ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            context.RecordingSegments.Add(merged);
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            context.ChangeTracker.Clear();
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    // A few at a time: a day of them together would be more than a hub needs to hold.
    private Task<List<RecordingSegmentRecord>> SegmentsAsync(string id, int from, int to, CancellationToken cancellation) => database.UseAsync(
        context => context.RecordingSegments.AsNoTracking()
            .Where(s => s.RecordingId == id && s.First + s.Count > from && s.First < to)
            .OrderBy(s => s.First).Take(AtOnce).ToListAsync(cancellation), cancellation);

    private static IEnumerable<RecordingInterval> Intervals(RecordingSegmentRecord segment)
    {
        for (var at = 0; at < segment.Data.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(segment.Data.AsSpan(at));
            yield return RecordingCodec.Decode(segment.Data.AsSpan(at + LengthBytes, length));
            at += LengthBytes + length;
        }
    }
}
