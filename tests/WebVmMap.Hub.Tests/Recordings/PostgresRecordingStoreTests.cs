using WebVmMap.Hub.Tests.Hosting;

namespace WebVmMap.Hub.Tests.Recordings;

public sealed class PostgresRecordingStoreTests(PostgresServer server) : RecordingStoreContract
{
    private protected override async Task<string?> NewDatabaseAsync() => await server.NewDatabaseAsync();
}
