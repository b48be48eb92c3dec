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
    public const int SegmentIntervals = 240;

    // A segment stays well below what either database takes as one value, and what is worth holding in memory at once.
    private const int MaximumSegmentBytes = 16 * 1024 * 1024;

    private const int LengthBytes = 4;

    public Task<List<Recording>> LoadAsync(CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var marks = (await context.RecordingMarks.AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false)).ToLookup(mark => mark.RecordingId);
        var records = await context.Recordings.AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false);
        return records.ConvertAll(record => record.ToRecording(marks[record.Id]));
    }, cancellation);

    public Task AddAsync(Recording recording, string what, CancellationToken cancellation) => database.UseAsync(context =>
    {
        context.Recordings.Add(recording.ToRecord());
        audit.Add(context, recording.StartedBy, AuditActions.RecordingStarted, recording.Id, what);
        return context.SaveChangesAsync(cancellation);
    }, cancellation);

    public Task ChangeAsync(Recording recording, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        await TakeAsync(context, recording, cancellation).ConfigureAwait(false);
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

    /// <summary>Adds an interval, and what is known of the recording with it; both or neither.</summary>
    public Task AppendAsync(Recording recording, int index, ReadOnlyMemory<byte> interval, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var data = new byte[LengthBytes + interval.Length];
        BinaryPrimitives.WriteInt32LittleEndian(data, interval.Length);
        interval.CopyTo(data.AsMemory(LengthBytes));
        context.RecordingSegments.Add(new RecordingSegmentRecord { RecordingId = recording.Id, First = index, Count = 1, Data = data });
        await TakeAsync(context, recording, cancellation).ConfigureAwait(false);
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

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

    public Task AddMarkAsync(string id, RecordingMark mark, CancellationToken cancellation) => database.UseAsync(context =>
    {
        context.RecordingMarks.Add(new RecordingMarkRecord { RecordingId = id, At = mark.At, Label = mark.Label, CreatedBy = mark.By });
        return context.SaveChangesAsync(cancellation);
    }, cancellation);

    public Task DeleteAsync(Recording recording, string who, string what, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var transaction = await context.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await context.RecordingSegments.Where(s => s.RecordingId == recording.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
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
            .OrderBy(s => s.First).Take(8).ToListAsync(cancellation), cancellation);

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
