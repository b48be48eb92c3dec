using Microsoft.Extensions.Time.Testing;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Retention;

public sealed class SqliteRetentionTests : RetentionContract
{
    [Fact]
    public async Task Run_MuchWasDeleted_GivesTheRoomBackToTheDisk()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        await using var hub = await StartAsync(time, folder);
        var store = hub.Get<ISnapshotStore>();
        for (var i = 0; i < 30; i++)
        {
            await store.AddAsync(TestSnapshots.Of(allocations: 20_000, at: time.GetUtcNow()), "alpha", "Alpha", "", Stop);
        }
        var before = (await hub.Get<IRetention>().StateAsync(Stop)).Space;
        Assert.True(before.Shrinks);
        await hub.Get<IRetention>().SetAsync(new RetentionSettings { CountPerHost = 1 }, "someone", Stop);
        await hub.Get<RetentionKeeper>().RunAsync(Stop);
        var after = (await hub.Get<IRetention>().StateAsync(Stop)).Space;
        Assert.Equal(0, after.ReusableBytes);
        Assert.True(after.TotalBytes < before.TotalBytes / 4, $"{before.TotalBytes} -> {after.TotalBytes}");
        // The file itself, and not only what the database says of it.
        var file = new FileInfo(Path.Combine(folder.Path, "webvmmap.db")).Length;
        Assert.True(file < before.TotalBytes / 4, $"{before.TotalBytes} -> {file}");
    }

    private protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}
