using Microsoft.Data.Sqlite;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

public sealed class SnapshotStoreTests
{
    [Fact]
    public async Task Add_AfterRestart_IsThereWithTheSameBytes()
    {
        using var folder = new TestFolder();
        var snapshot = TestSnapshots.Of(allocations: 50, resident: 4096);
        StoredSnapshot stored;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            stored = await hub.Get<ISnapshotStore>().AddAsync(snapshot, "alpha", "Alpha", "before", CancellationToken.None);
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        var store = restarted.Get<ISnapshotStore>();
        Assert.Equal(stored, await store.FindAsync(stored.Id, CancellationToken.None));
        Assert.Equal(SnapshotCodec.Encode(snapshot), SnapshotCodec.Encode((await store.LoadAsync(stored.Id, CancellationToken.None))!));
        Assert.Equal((100, 100L * TestSnapshots.PageBytes, 4096L), (stored.RegionCount, stored.Committed, stored.TotalWs));
    }

    [Fact]
    public async Task List_ByHostPidAndName_IsNewestFirstAndPaged()
    {
        await using var hub = await TestHub.StartAsync();
        var store = hub.Get<ISnapshotStore>();
        for (var i = 0; i < 5; i++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000 + i * 1000);
            await store.AddAsync(TestSnapshots.Of(pid: 40 + i % 2, at: at), i < 4 ? "alpha" : "beta", "Alpha", i == 3 ? "100% full_disk" : "", CancellationToken.None);
        }
        await AssertSecondsAsync([4, 3, 2, 1, 0], new SnapshotQuery());
        await AssertSecondsAsync([3, 2, 1, 0], new SnapshotQuery { HostId = "alpha" });
        await AssertSecondsAsync([3, 1], new SnapshotQuery { Pid = 41 });
        await AssertSecondsAsync([3], new SnapshotQuery { Name = "% FULL_" });
        await AssertSecondsAsync([], new SnapshotQuery { Name = "fullXdisk" });
        await AssertSecondsAsync([4, 3, 2, 1, 0], new SnapshotQuery { Name = "VICT" });
        await AssertSecondsAsync([3, 2], new SnapshotQuery { Skip = 1, Take = 2 });

        async Task AssertSecondsAsync(long[] expected, SnapshotQuery query)
        {
            var found = await store.ListAsync(query, CancellationToken.None);
            Assert.Equal(expected, found.Select(s => (s.TakenAt.ToUnixTimeMilliseconds() - 1_800_000_000_000) / 1000));
        }
    }

    [Fact]
    public async Task Add_DatabaseHeldByAnotherProgram_SaysSoInOneSentence()
    {
        using var folder = new TestFolder();
        await using var hub = await TestHub.StartAsync(folder: folder);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "webvmmap.db")};Pooling=False");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE;";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<StoreException>(() => hub.Get<ISnapshotStore>().AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", CancellationToken.None));
        Assert.Contains("Another program holds the database", refusal.Message, StringComparison.Ordinal);
        command.CommandText = "ROLLBACK;";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await hub.Get<ISnapshotStore>().AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", CancellationToken.None));
    }

    [Theory]
    [InlineData(5, "holds the database")]
    [InlineData(8, "cannot be written")]
    [InlineData(10, "reports an error")]
    [InlineData(11, "is damaged")]
    [InlineData(13, "is full")]
    [InlineData(14, "cannot be written")]
    public void Explain_ByCode_SaysWhatToDo(int code, string expected) =>
        Assert.Contains(expected, StoreException.Explain(new SqliteException("x", code), "/data/webvmmap.db"), StringComparison.Ordinal);

    [Fact]
    public void Decoded_MoreThanFits_LosesWhatWasNotReadForLongest()
    {
        var one = TestSnapshots.Of(allocations: 100);
        var probe = new DecodedSnapshots();
        probe.Add("probe", one);
        var kept = new DecodedSnapshots(probe.Bytes * 2);
        kept.Add("a", one);
        kept.Add("b", one);
        Assert.NotNull(kept.Find("a"));
        kept.Add("c", one);
        Assert.Null(kept.Find("b"));
        Assert.NotNull(kept.Find("a"));
        Assert.NotNull(kept.Find("c"));
        Assert.Equal(probe.Bytes * 2, kept.Bytes);
    }
}
