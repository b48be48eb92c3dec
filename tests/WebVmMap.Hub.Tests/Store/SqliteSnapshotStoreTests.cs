namespace WebVmMap.Hub.Tests.Store;

public sealed class SqliteSnapshotStoreTests : SnapshotStoreContract
{
    private protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}
