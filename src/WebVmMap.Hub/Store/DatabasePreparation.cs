using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace WebVmMap.Hub.Store;

/// <summary>Brings a database to this version of the hub, keeping what is in it.</summary>
internal sealed class DatabasePreparation(HubDatabase database, DiskReserve reserve)
{
    private const int RowsAtATime = 500;

    // https://www.sqlite.org/pragma.html#pragma_auto_vacuum : only with this can a file shrink in small steps.
    private const long Incremental = 2;

    // Rewriting a file of an older version takes some seconds for each GiB, and as much room again; a larger one is left as it is.
    private const long MaximumRewriteBytes = 1L << 30;

    /// <summary>Makes or upgrades the tables.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await database.UseAsync(async context =>
        {
            // One connection throughout: what a pragma sets up for a new file is forgotten with the connection.
            await context.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            var file = database.Target.SqliteFile;
            if (file is not null)
            {
                await context.Database.ExecuteSqlRawAsync("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;", cancellation).ConfigureAwait(false);
            }
            if ((await context.Database.GetPendingMigrationsAsync(cancellation).ConfigureAwait(false)).Any())
            {
                if (file is not null)
                {
                    await BreakStaleLockAsync(context, cancellation).ConfigureAwait(false);
                }
                await context.Database.MigrateAsync(cancellation).ConfigureAwait(false);
            }
            if (file is not null)
            {
                await MakeShrinkableAsync(context, file, cancellation).ConfigureAwait(false);
            }
            return true;
        }, cancellation).ConfigureAwait(false);
        while (await FillSearchTextsAsync(cancellation).ConfigureAwait(false))
        {
        }
        await reserve.HoldAsync(cancellation).ConfigureAwait(false);
    }

    // Entity Framework waits for ever for the lock of a hub that was killed while it upgraded. An upgrade here takes seconds.
    private static async Task BreakStaleLockAsync(HubDbContext context, CancellationToken cancellation)
    {
        var exists = await context.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellation).ConfigureAwait(false);
        if (exists > 0)
        {
            await context.Database.ExecuteSqlRawAsync("DELETE FROM __EFMigrationsLock WHERE julianday(Timestamp) < julianday('now', '-1 minute');", cancellation).ConfigureAwait(false);
        }
    }

    private static async Task MakeShrinkableAsync(HubDbContext context, string file, CancellationToken cancellation)
    {
        var mode = await context.Database.SqlQuery<long>($"SELECT auto_vacuum AS Value FROM pragma_auto_vacuum").SingleAsync(cancellation).ConfigureAwait(false);
        if (mode == Incremental || new FileInfo(file).Length > MaximumRewriteBytes)
        {
            return;
        }
        try
        {
            await context.Database.ExecuteSqlRawAsync("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;", cancellation).ConfigureAwait(false);
        }
        catch (SqliteException)
        {
            // No room for a second file, or another program reads this one: it works as it is, and the page says that it does not shrink.
        }
    }

    // Rows from before there was a search text: folding is done here and not in the migration, see SearchText.
    private Task<bool> FillSearchTextsAsync(CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var rows = await context.Snapshots.IgnoreQueryFilters().Where(s => s.SearchText == "").Take(RowsAtATime).ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var row in rows)
        {
            row.SearchText = SearchText.Of(row.ProcessName, row.Label, row.Note, row.HostName);
        }
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return rows.Count > 0;
    }, cancellation);
}
