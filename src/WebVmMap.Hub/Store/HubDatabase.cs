using Microsoft.EntityFrameworkCore;

namespace WebVmMap.Hub.Store;

/// <summary>The way to the hub's database: short-lived contexts, and errors that say what to do. Thread-safe.</summary>
public sealed class HubDatabase(IDbContextFactory<HubDbContext> contexts, DatabaseTarget target, DiskReserve reserve)
{
    /// <summary>Which database it is.</summary>
    public DatabaseTarget Target => target;

    /// <summary>Does something on the database.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    internal Task<T> UseAsync<T>(Func<HubDbContext, Task<T>> action, CancellationToken cancellation) => StoreException.GuardAsync(target, async () =>
    {
        var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            return await action(context).ConfigureAwait(false);
        }
    });

    /// <summary>
    /// Does something that frees room, or that must not wait for room, such as a revocation: on a full disk it is done once more, with
    /// what is kept in reserve.
    /// </summary>
    /// <exception cref="StoreException">The database refused.</exception>
    internal async Task<T> FreeAsync<T>(Func<HubDbContext, Task<T>> action, CancellationToken cancellation)
    {
        try
        {
            return await UseAsync(action, cancellation).ConfigureAwait(false);
        }
        catch (StoreException ex) when (ex.DiskIsFull && reserve.Exists)
        {
            return await reserve.LendAsync(
                () => UseAsync(
                    async context =>
                    {
                        // Writing the log back into the database makes that larger: what was lent would be gone for nothing.
                        await context.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                        await context.Database.ExecuteSqlRawAsync("PRAGMA wal_autocheckpoint = 0;", cancellation).ConfigureAwait(false);
                        return await action(context).ConfigureAwait(false);
                    },
                    cancellation),
                cancellation).ConfigureAwait(false);
        }
    }
}
