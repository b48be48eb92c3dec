using WebVmMap.Hub.Tests.Hosting;

namespace WebVmMap.Hub.Tests.Schedules;

public sealed class PostgresScheduleTests(PostgresServer server) : ScheduleContract
{
    private protected override async Task<string?> NewDatabaseAsync() => await server.NewDatabaseAsync();
}
