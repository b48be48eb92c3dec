using WebVmMap.Hub.Tests.Hosting;

namespace WebVmMap.Hub.Tests.Retention;

public sealed class PostgresRetentionTests(PostgresServer server) : RetentionContract
{
    private protected override async Task<string?> NewDatabaseAsync() => await server.NewDatabaseAsync();
}
