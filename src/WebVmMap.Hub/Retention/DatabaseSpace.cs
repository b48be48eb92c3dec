using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Retention;

/// <summary>How much room the database takes, and giving back what it does not need. Thread-safe.</summary>
internal sealed class DatabaseSpace(DatabaseTarget target)
{
    // https://www.sqlite.org/pragma.html#pragma_auto_vacuum
    private const int Incremental = 2;

    // 4 MiB of pages of 4 KiB: a step holds the write lock for a few milliseconds.
    private const int PagesPerStep = 1024;

    /// <summary>How much there is.</summary>
    public async Task<StoreSpace> ReadAsync(HubDbContext context, CancellationToken cancellation)
    {
        if (target.SqliteFile is not { } file)
        {
            return new StoreSpace(await NumberAsync(context, $"SELECT pg_database_size(current_database()) AS \"Value\"", cancellation).ConfigureAwait(false), null, false);
        }
        var page = await NumberAsync(context, $"SELECT page_size AS Value FROM pragma_page_size", cancellation).ConfigureAwait(false);
        var pages = await NumberAsync(context, $"SELECT page_count AS Value FROM pragma_page_count", cancellation).ConfigureAwait(false);
        var log = new FileInfo(file + "-wal");
        return new StoreSpace(pages * page + (log.Exists ? log.Length : 0), await FreePagesAsync(context, cancellation).ConfigureAwait(false) * page, await ShrinksAsync(context, cancellation).ConfigureAwait(false));
    }

    /// <summary>Gives some unused room back to the disk, where the database does not do that by itself.</summary>
    /// <returns>True while there is more to give back.</returns>
    public async Task<bool> ShrinkAsync(HubDbContext context, CancellationToken cancellation)
    {
        if (target.SqliteFile is null || !await ShrinksAsync(context, cancellation).ConfigureAwait(false))
        {
            return false;
        }
        // The pragma steps through the pages as its rows are read.
        await context.Database.ExecuteSqlRawAsync($"PRAGMA incremental_vacuum({PagesPerStep});", cancellation).ConfigureAwait(false);
        if (await FreePagesAsync(context, cancellation).ConfigureAwait(false) > 0)
        {
            return true;
        }
        // The file itself is cut when its log is written back.
        await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE);", cancellation).ConfigureAwait(false);
        return false;
    }

    private static async Task<bool> ShrinksAsync(HubDbContext context, CancellationToken cancellation) =>
        await NumberAsync(context, $"SELECT auto_vacuum AS Value FROM pragma_auto_vacuum", cancellation).ConfigureAwait(false) == Incremental;

    private static Task<long> FreePagesAsync(HubDbContext context, CancellationToken cancellation) =>
        NumberAsync(context, $"SELECT freelist_count AS Value FROM pragma_freelist_count", cancellation);

    private static Task<long> NumberAsync(HubDbContext context, FormattableString sql, CancellationToken cancellation) =>
        context.Database.SqlQuery<long>(sql).SingleAsync(cancellation);
}
