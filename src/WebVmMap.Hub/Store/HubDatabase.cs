using Microsoft.EntityFrameworkCore;

namespace WebVmMap.Hub.Store;

/// <summary>The way to the hub's database: short-lived contexts, and errors that say what to do. Thread-safe.</summary>
public sealed class HubDatabase(IDbContextFactory<HubDbContext> contexts, DatabaseTarget target)
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
}
