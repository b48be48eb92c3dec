using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WebVmMap.Hub.Store;

/// <summary>Puts the store together.</summary>
internal static class StoreExtensions
{
    // How long SQLite waits for another writer before it says that it is busy.
    private const int BusySeconds = 5;

    public static IServiceCollection AddHubStore(this IServiceCollection services, DatabaseTarget target)
    {
        services.AddSingleton(target);
        if (target.PostgresConnection is { } connection)
        {
            services.AddDbContextFactory<PostgresHubDbContext>(options => options.UseNpgsql(connection));
            services.AddSingleton<IDbContextFactory<HubDbContext>, PostgresContexts>();
        }
        else
        {
            services.AddDbContextFactory<HubDbContext>(options => ConfigureSqlite(options, target));
        }
        services.TryAddSingleton<DiskReserve>();
        services.TryAddSingleton<HubDatabase>();
        services.TryAddSingleton<DatabasePreparation>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<DecodedSnapshots>();
        services.TryAddSingleton<ISnapshotStore, SnapshotStore>();
        services.TryAddSingleton<ISnapshotDiffs, SnapshotDiffs>();
        services.TryAddSingleton<ISnapshotTrends, SnapshotTrends>();
        services.TryAddSingleton<FragmentationHistory>();
        services.TryAddSingleton<ISnapshotTaker, SnapshotTaker>();
        return services;
    }

    private static void ConfigureSqlite(DbContextOptionsBuilder options, DatabaseTarget target)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = target.SqliteFile, DefaultTimeout = BusySeconds };
        options.UseSqlite(connection.ConnectionString).AddInterceptors(new DurabilityInterceptor());
    }

    private sealed class PostgresContexts(IDbContextFactory<PostgresHubDbContext> contexts) : IDbContextFactory<HubDbContext>
    {
        public HubDbContext CreateDbContext() => contexts.CreateDbContext();
    }
}
