namespace WebVmMap.Hub.Tests.Schedules;

public sealed class SqliteScheduleTests : ScheduleContract
{
    private protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}
