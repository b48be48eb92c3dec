using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Store;

/// <summary>Puts the store together.</summary>
internal static class StoreExtensions
{
    // How long SQLite waits for another writer before it says that it is busy.
    private const int BusySeconds = 5;

    public static IServiceCollection AddHubStore(this IServiceCollection services)
    {
        services.AddDbContextFactory<HubDbContext>((provider, options) => Configure(options, provider.GetRequiredService<DataFolder>()));
        services.TryAddSingleton<DecodedSnapshots>();
        services.TryAddSingleton<ISnapshotStore, SnapshotStore>();
        services.TryAddSingleton<ISnapshotTaker, SnapshotTaker>();
        return services;
    }

    public static void Configure(DbContextOptionsBuilder options, DataFolder folder)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = folder.Database, DefaultTimeout = BusySeconds };
        options.UseSqlite(connection.ConnectionString).AddInterceptors(new DurabilityInterceptor());
    }

    /// <summary>Brings the database to this version.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public static Task PrepareAsync(IServiceProvider services, CancellationToken cancellation) =>
        StoreException.GuardAsync(services.GetRequiredService<DataFolder>().Database, async () =>
        {
            var context = await services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync(cancellation).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                await context.Database.MigrateAsync(cancellation).ConfigureAwait(false);
                await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellation).ConfigureAwait(false);
            }
            return true;
        });
}
