using Microsoft.Data.Sqlite;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

public sealed class SnapshotStoreTests
{
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
