using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Redaction;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Shares;

/// <summary>The share links in the database. Thread-safe.</summary>
internal sealed partial class Shares(
    HubDatabase database, ISnapshotStore snapshots, RecordingSources recordings, ISnapshotRecordings blocks, AuditLog audit, RedactedSnapshots redacted, TimeProvider time, ILogger<Shares> logger) : IShares
{
    private readonly ShareWatches _watches = new();

    public async Task<(SharedLink Link, string Secret)> CreateAsync(ShareRequest request, CancellationToken cancellation)
    {
        Check(request);
        var viewState = request.ViewState;
        foreach (var user in await UsersAsync(request.Subject, cancellation).ConfigureAwait(false))
        {
            viewState = ShareViewState.Redact(viewState, request.Subject, request.Redaction, user);
        }
        var now = time.GetUtcNow();
        var secret = SecretText.New();
        var record = new ShareRecord
        {
            Id = SecretText.NewId(),
            Hash = SecretText.Hash(secret),
            SnapshotId = request.Subject.SnapshotId,
            SecondSnapshotId = request.Subject.SecondSnapshotId,
            RecordingId = request.Subject.RecordingId,
            ViewState = viewState,
            Name = request.Name,
            Note = request.Note,
            RedactCommandLine = request.Redaction.CommandLine,
            RedactUser = request.Redaction.User,
            RedactPaths = request.Redaction.Paths,
            CreatedAt = now,
            CreatedBy = SnapshotLimits.Cut(request.CreatedBy, 64),
            ExpiresAt = now + request.Lifetime,
        };
        await database.UseAsync(async context =>
        {
            if (await context.Shares.CountAsync(s => s.RevokedAt == null && s.ExpiresAt > now, cancellation).ConfigureAwait(false) >= ShareLimits.Links)
            {
                throw new ShareException(false, $"There are {ShareLimits.Links} valid share links already, which is the most: revoke some first.");
            }
            context.Shares.Add(record);
            audit.Add(context, request.CreatedBy, AuditActions.ShareMade, record.Id, Describe(record));
            return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        Log.Made(logger, request.CreatedBy, record.Id, request.Subject.Kind, record.RecordingId ?? record.SnapshotId, record.ExpiresAt);
        return (ToLink(record), secret);
    }

    public Task<IReadOnlyList<SharedLink>> ListAsync(string? id, CancellationToken cancellation) => database.UseAsync<IReadOnlyList<SharedLink>>(async context =>
    {
        var records = await context.Shares.AsNoTracking()
            .Where(s => id == null || s.SnapshotId == id || s.SecondSnapshotId == id || s.RecordingId == id)
            .OrderByDescending(s => s.CreatedAt).ThenBy(s => s.Id).Take(ShareLimits.Links).ToListAsync(cancellation).ConfigureAwait(false);
        return [.. records.Select(ToLink)];
    }, cancellation);

    public async Task<bool> RevokeAsync(string id, string who, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var revoked = await database.FreeAsync(async context =>
        {
            // Read first and changed by one save together with the audit, so that both or neither are kept.
            var record = await context.Shares.FirstOrDefaultAsync(s => s.Id == id && s.RevokedAt == null && s.ExpiresAt > now, cancellation).ConfigureAwait(false);
            if (record is null)
            {
                return false;
            }
            record.RevokedAt = now;
            record.RevokedBy = SnapshotLimits.Cut(who, 64);
            audit.Add(context, who, AuditActions.ShareRevoked, id, Describe(record));
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        if (revoked)
        {
            Log.Revoked(logger, who, id);
            _watches.End(id);
        }
        return revoked;
    }

    public async Task<OpenedShare?> OpenAsync(string secret, bool count, CancellationToken cancellation)
    {
        // Looked up by its hash: the time that takes tells nothing of how much of a guess was right.
        if (secret.Length is < SecretText.MinimumLength or > SecretText.MaximumLength)
        {
            return null;
        }
        var hash = SecretText.Hash(secret);
        var now = time.GetUtcNow();
        var record = await database.UseAsync(
            context => context.Shares.AsNoTracking().FirstOrDefaultAsync(s => s.Hash == hash && s.RevokedAt == null && s.ExpiresAt > now, cancellation),
            cancellation).ConfigureAwait(false);
        if (record is null || await LoadAsync(record, cancellation).ConfigureAwait(false) is not { } opened)
        {
            return null;
        }
        if (count)
        {
            await database.UseAsync(
                context => context.Shares.Where(s => s.Id == record.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.OpenedCount, s => s.OpenedCount + 1).SetProperty(s => s.LastOpenedAt, now), cancellation),
                cancellation).ConfigureAwait(false);
        }
        return opened;
    }

    public IDisposable Watch(string id, Action ended) => _watches.Add(id, ended);

    /// <summary>Ends what is open of links that are no longer valid.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task EndOverdueAsync(CancellationToken cancellation)
    {
        var open = _watches.Ids;
        if (open.Count == 0)
        {
            return;
        }
        var now = time.GetUtcNow();
        var valid = await database.UseAsync(
            context => context.Shares.AsNoTracking()
                .Where(s => open.Contains(s.Id) && s.RevokedAt == null && s.ExpiresAt > now
                    && (s.RecordingId != null ? context.Recordings.Any(kept => kept.Id == s.RecordingId) : context.Snapshots.Any(kept => kept.Id == s.SnapshotId))
                    && (s.SecondSnapshotId == null || context.Snapshots.Any(kept => kept.Id == s.SecondSnapshotId)))
                .Select(s => s.Id).ToListAsync(cancellation),
            cancellation).ConfigureAwait(false);
        foreach (var id in open.Except(valid))
        {
            _watches.End(id);
        }
    }

    private async Task<OpenedShare?> LoadAsync(ShareRecord record, CancellationToken cancellation)
    {
        var link = ToLink(record);
        if (record.RecordingId is { } recording)
        {
            var source = recordings.Of(link.Redaction);
            return source.Recordings.Find(recording) is { } found ? new OpenedRecording(link, found, source) : null;
        }
        if (await snapshots.FindAsync(record.SnapshotId, cancellation).ConfigureAwait(false) is not { } stored
            || await snapshots.LoadAsync(record.SnapshotId, cancellation).ConfigureAwait(false) is not { } first)
        {
            return null;
        }
        if (record.SecondSnapshotId is not { } other)
        {
            var hasBlocks = await blocks.HasAsync(record.SnapshotId, cancellation).ConfigureAwait(false);
            return new OpenedSnapshot(
                link, stored.HostName, redacted.Of(first, link.Redaction), hasBlocks ? stop => BlocksAsync(record.SnapshotId, link.Redaction, stop) : null, null);
        }
        return await snapshots.FindAsync(other, cancellation).ConfigureAwait(false) is { } newer
            && await snapshots.LoadAsync(other, cancellation).ConfigureAwait(false) is { } second
            ? new OpenedSnapshot(
                link, stored.HostName, redacted.Of(first, link.Redaction), null,
                new OpenedSecond(newer.HostName, newer.HostId == stored.HostId, redacted.Of(second, link.Redaction)))
            : null;
    }

    private async Task<IRecordingReader?> BlocksAsync(string snapshotId, RedactionRules rules, CancellationToken cancellation) =>
        await blocks.ReadAsync(snapshotId, cancellation).ConfigureAwait(false) is { } live ? new RedactedRecordings(live, rules) : null;

    /// <summary>The accounts of the processes that are shown; empty for one that is not known.</summary>
    private async Task<IReadOnlyList<string>> UsersAsync(ShareSubject subject, CancellationToken cancellation)
    {
        if (subject.RecordingId is { } recording)
        {
            return recordings.Whole.Recordings.Find(recording) is not null ? [""] : throw new ShareException(true, $"There is no recording {recording}.");
        }
        var first = await FindAsync(subject.SnapshotId, cancellation).ConfigureAwait(false);
        var second = subject.SecondSnapshotId is { } other ? await FindAsync(other, cancellation).ConfigureAwait(false) : null;
        if (second is null)
        {
            return [first.Process.User];
        }
        return await snapshots.LoadAsync(first.Id, cancellation).ConfigureAwait(false) is { } older
            && await snapshots.LoadAsync(second.Id, cancellation).ConfigureAwait(false) is { } newer
            && SnapshotDiff.Refusal(older, newer) is { } refusal
            ? throw new ShareException(false, refusal)
            : [first.Process.User, second.Process.User];
    }

    private async Task<StoredSnapshot> FindAsync(string id, CancellationToken cancellation) =>
        await snapshots.FindAsync(id, cancellation).ConfigureAwait(false) ?? throw new ShareException(true, $"There is no snapshot {id}.");

    private static void Check(ShareRequest request)
    {
        if (request.Name.Length > ShareLimits.Name)
        {
            throw new ShareException(false, $"A name has at most {ShareLimits.Name} characters; this one has {request.Name.Length}.");
        }
        if (request.Note.Length > ShareLimits.Note)
        {
            throw new ShareException(false, $"A note has at most {ShareLimits.Note} characters; this one has {request.Note.Length}.");
        }
        if (request.ViewState.Length > ShareLimits.ViewState)
        {
            throw new ShareException(false, $"A view has at most {ShareLimits.ViewState} characters; this one has {request.ViewState.Length}.");
        }
        if (request.Lifetime < ShareLimits.ShortestLifetime || request.Lifetime > ShareLimits.LongestLifetime)
        {
            throw new ShareException(false, $"A link is good for {ShareLimits.ShortestLifetime.TotalMinutes:0} minute to {ShareLimits.LongestLifetime.TotalDays:0} days.");
        }
    }

    private static string Describe(ShareRecord record) => string.Create(CultureInfo.InvariantCulture,
        $"{Shown(record)}, until {record.ExpiresAt:yyyy-MM-dd HH:mm} UTC");

    private static string Shown(ShareRecord record) => record switch
    {
        { RecordingId: { } recording } => $"recording {recording}",
        { SecondSnapshotId: { } second } => $"comparison of {record.SnapshotId} with {second}",
        _ => $"snapshot {record.SnapshotId}",
    };

    private static SharedLink ToLink(ShareRecord record) => new()
    {
        Id = record.Id,
        Subject = record.RecordingId is { } recording ? ShareSubject.OfRecording(recording) : ShareSubject.OfSnapshot(record.SnapshotId, record.SecondSnapshotId),
        ViewState = record.ViewState,
        Name = record.Name,
        Note = record.Note,
        Redaction = new RedactionRules(record.RedactCommandLine, record.RedactUser, record.RedactPaths),
        CreatedAt = record.CreatedAt,
        CreatedBy = record.CreatedBy,
        ExpiresAt = record.ExpiresAt,
        RevokedAt = record.RevokedAt,
        OpenedCount = record.OpenedCount,
        LastOpenedAt = record.LastOpenedAt,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 70, EventName = "ShareMade", Level = LogLevel.Information, Message = "{Who} made share link {Id} of {Kind} {Subject}, good until {Until}.")]
        public static partial void Made(ILogger logger, string who, string id, string kind, string subject, DateTimeOffset until);

        [LoggerMessage(EventId = 71, EventName = "ShareRevoked", Level = LogLevel.Information, Message = "{Who} revoked share link {Id}.")]
        public static partial void Revoked(ILogger logger, string who, string id);
    }
}
