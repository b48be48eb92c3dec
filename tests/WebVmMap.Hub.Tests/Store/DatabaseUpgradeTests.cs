using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

public sealed class DatabaseUpgradeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FolderOfTheFirstVersion_KeepsAndFindsItsSnapshots()
    {
        using var folder = new TestFolder();
        var snapshot = TestSnapshots.Of(allocations: 30);
        await MakeFirstVersionAsync(Path.Combine(folder.Path, "webvmmap.db"), SnapshotCodec.Encode(snapshot));

        await using var hub = await TestHub.StartAsync(folder: folder);
        var store = hub.Get<ISnapshotStore>();
        var found = Assert.Single(await store.ListAsync(new SnapshotQuery { Name = "FIRST victim ALPHA" }, Stop));
        Assert.Equal(("snapshot-of-version-01", SnapshotCause.ByHand, false, "", ""), (found.Id, found.Cause, found.Pinned, found.Note, found.TakenBy));
        Assert.Equal(SnapshotCodec.Encode(snapshot), SnapshotCodec.Encode((await store.LoadAsync(found.Id, Stop))!));
        Assert.NotNull(await store.ChangeAsync(found.Id, new SnapshotChange { Pinned = true }, Stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_AsItIs_HasItsMigrations(bool postgres)
    {
        await using HubDbContext context = postgres
            ? new PostgresHubDbContext(new DbContextOptionsBuilder<PostgresHubDbContext>().UseNpgsql("Host=none").Options)
            : new HubDbContext(new DbContextOptionsBuilder<HubDbContext>().UseSqlite("Data Source=:memory:").Options);
        Assert.False(context.Database.HasPendingModelChanges());
    }

    // The tables as the first migration makes them, and a row written with nothing but SQL.
    private static async Task MakeFirstVersionAsync(string path, byte[] data)
    {
        await using var context = new HubDbContext(new DbContextOptionsBuilder<HubDbContext>().UseSqlite($"Data Source={path};Pooling=False").Options);
        await context.GetService<IMigrator>().MigrateAsync("Initial", Stop);
        await context.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO Snapshots (Id, HostId, HostName, Pid, StartStamp, ParentPid, ProcessName, CommandLine, User, Architecture, Managed, StartTime,
                PrivateBytes, WorkingSetBytes, Limitation, TakenAt, Label, RegionCount, StoredBytes, Committed, Private, TotalWs)
            VALUES ('snapshot-of-version-01', 'alpha', 'Alpha', 42, 77, 1, 'victim', 'victim --flag', 'someone', 'x64', 0, 1700000000000,
                1, 2, '', 1800000000000, 'The First', 60, 500, 3, 4, 5);
            """,
            Stop);
        await context.Database.ExecuteSqlAsync($"INSERT INTO SnapshotData (Id, Data) VALUES ('snapshot-of-version-01', {data});", Stop);
    }
}
