using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>Who did what, when: what is dangerous or cannot be undone. The oldest entries go once there are too many. Thread-safe.</summary>
public sealed class AuditLog(HubDatabase database, TimeProvider time)
{
    /// <summary>How many entries are kept.</summary>
    public const int MaximumEntries = 10_000;

    // Entries are cleared away this many at a time, so that not every new one costs a deletion.
    private const int Slack = 100;

    /// <summary>Writes an entry.</summary>
    /// <param name="who">Name of the person or key.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="target">Id of what it was done to.</param>
    /// <param name="details">In words; no secrets.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task WriteAsync(string who, string action, string target, string details, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        Add(context, who, action, target, details);
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return await TrimAsync(context, cancellation).ConfigureAwait(false);
    }, cancellation);

    /// <summary>The last entries, newest first.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(int take, CancellationToken cancellation) => database.UseAsync<IReadOnlyList<AuditEntry>>(async context =>
    {
        var records = await context.Audit.AsNoTracking().OrderByDescending(a => a.Id).Take(Math.Clamp(take, 1, 500)).ToListAsync(cancellation).ConfigureAwait(false);
        return [.. records.Select(a => new AuditEntry(a.At, a.Who, a.Action, a.Target, a.Details))];
    }, cancellation);

    /// <summary>Adds an entry to what a context is about to save, so that both or neither are kept.</summary>
    internal void Add(HubDbContext context, string who, string action, string target, string details) => context.Audit.Add(new AuditRecord
    {
        At = time.GetUtcNow(),
        Who = SnapshotLimits.Cut(who, 64),
        Action = SnapshotLimits.Cut(action, 64),
        Target = SnapshotLimits.Cut(target, 200),
        Details = SnapshotLimits.Cut(details, 1000),
    });

    private static async Task<int> TrimAsync(HubDbContext context, CancellationToken cancellation)
    {
        var newest = await context.Audit.MaxAsync(a => a.Id, cancellation).ConfigureAwait(false);
        if (newest % Slack != 0)
        {
            return 0;
        }
        var keepAbove = newest - MaximumEntries;
        return await context.Audit.Where(a => a.Id <= keepAbove).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
    }
}
