using WebVmMap.Hub.Tests.Hosting;

namespace WebVmMap.Hub.Tests.Store;

public sealed class PostgresSnapshotStoreTests(PostgresServer server) : SnapshotStoreContract
{
    private protected override async Task<string?> NewDatabaseAsync() => await server.NewDatabaseAsync();
}
