using Microsoft.EntityFrameworkCore;

namespace WebVmMap.Hub.Store;

/// <summary>Brings a database to this version of the hub, keeping what is in it.</summary>
internal sealed class DatabasePreparation(HubDatabase database)
{
    private const int RowsAtATime = 500;

    /// <summary>Makes or upgrades the tables.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await database.UseAsync(async context =>
        {
            var sqlite = database.Target.SqliteFile is not null;
            if (sqlite)
            {
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellation).ConfigureAwait(false);
            }
            await context.Database.MigrateAsync(cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        while (await FillSearchTextsAsync(cancellation).ConfigureAwait(false))
        {
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
