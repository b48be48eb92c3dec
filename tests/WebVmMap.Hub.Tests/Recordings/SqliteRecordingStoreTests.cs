namespace WebVmMap.Hub.Tests.Recordings;

public sealed class SqliteRecordingStoreTests : RecordingStoreContract
{
    private protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}
