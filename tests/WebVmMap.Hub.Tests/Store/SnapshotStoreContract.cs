using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Store;

/// <summary>What the store does on either database.</summary>
public abstract class SnapshotStoreContract
{
    private const long Epoch = 1_800_000_000_000;

    /// <summary>Connection string of a new PostgreSQL database; null for SQLite in the hub's folder.</summary>
    private protected abstract Task<string?> NewDatabaseAsync();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_AfterRestart_IsThereWithTheSameBytes()
    {
        using var folder = new TestFolder();
        var database = await NewDatabaseAsync();
        var snapshot = TestSnapshots.Of(allocations: 50, resident: 4096);
        StoredSnapshot stored;
        await using (var hub = await StartAsync(database, folder))
        {
            stored = await hub.Get<ISnapshotStore>().AddAsync(
                new NewSnapshot
                {
                    Snapshot = snapshot,
                    HostId = "alpha",
                    HostName = "Alpha",
                    Label = "before",
                    Note = "line\nline",
                    Cause = SnapshotCause.Import,
                    TakenBy = "someone",
                    ImportFile = "x.mmp",
                    ImportFormat = "mmp",
                },
                Stop);
        }
        await using var restarted = await StartAsync(database, folder);
        var store = restarted.Get<ISnapshotStore>();
        Assert.Equal(stored, await store.FindAsync(stored.Id, Stop));
        Assert.Equal(SnapshotCodec.Encode(snapshot), SnapshotCodec.Encode((await store.LoadAsync(stored.Id, Stop))!));
        Assert.Equal((100, 100L * TestSnapshots.PageBytes, 4096L), (stored.RegionCount, stored.Committed, stored.TotalWs));
        Assert.Equal((SnapshotCause.Import, "x.mmp", "line\nline"), (stored.Cause, stored.ImportFile, stored.Note));
    }

    [Fact]
    public async Task List_ByEachFilter_FindsWhatMatchesNewestFirst()
    {
        await using var hub = await StartAsync(await NewDatabaseAsync());
        var store = hub.Get<ISnapshotStore>();
        for (var i = 0; i < 5; i++)
        {
            var snapshot = new NewSnapshot
            {
                Snapshot = TestSnapshots.Of(pid: 40 + i % 2, at: DateTimeOffset.FromUnixTimeMilliseconds(Epoch + i * 1000), start: i < 2 ? 70 : 71),
                HostId = i < 4 ? "alpha" : "beta",
                HostName = i < 4 ? "Alpha" : "Ärger-7",
                Label = i == 3 ? "100% full_disk" : "",
                Note = i == 2 ? "Überlauf" : "",
                Cause = i == 0 ? SnapshotCause.Schedule : SnapshotCause.ByHand,
                ScheduleId = i == 0 ? "schedule" : null,
            };
            var stored = await store.AddAsync(snapshot, Stop);
            await store.ChangeAsync(stored.Id, new SnapshotChange { Pinned = i == 1 }, Stop);
        }
        await AssertSecondsAsync([4, 3, 2, 1, 0], new SnapshotQuery());
        await AssertSecondsAsync([3, 2, 1, 0], new SnapshotQuery { HostId = "alpha" });
        await AssertSecondsAsync([3, 1], new SnapshotQuery { Pid = 41 });
        await AssertSecondsAsync([3], new SnapshotQuery { Pid = 41, StartStamp = 71 });
        await AssertSecondsAsync([3], new SnapshotQuery { Name = "% FULL_" });
        await AssertSecondsAsync([], new SnapshotQuery { Name = "fullXdisk" });
        await AssertSecondsAsync([4, 3, 2, 1, 0], new SnapshotQuery { Name = "VICT" });
        await AssertSecondsAsync([2], new SnapshotQuery { Name = "üBERlauf vict" });
        await AssertSecondsAsync([4], new SnapshotQuery { Name = "äRGER" });
        await AssertSecondsAsync([4, 3], new SnapshotQuery { From = At(3) });
        await AssertSecondsAsync([2, 1], new SnapshotQuery { From = At(1), To = At(3) });
        await AssertSecondsAsync([1], new SnapshotQuery { Pinned = true });
        await AssertSecondsAsync([0], new SnapshotQuery { Cause = SnapshotCause.Schedule });
        await AssertSecondsAsync([0], new SnapshotQuery { ScheduleId = "schedule" });
        await AssertSecondsAsync([4, 3, 2, 1, 0], new SnapshotQuery { ProcessName = "victim", StartTime = TestSnapshots.Process().StartTime });
        await AssertSecondsAsync([], new SnapshotQuery { ProcessName = "vict" });
        await AssertSecondsAsync([3, 2], new SnapshotQuery { Skip = 1, Take = 2 }, total: 5);
        await AssertSecondsAsync([0, 1, 2, 3, 4], new SnapshotQuery { Ascending = true });
        await AssertSecondsAsync([3, 2, 1, 0, 4], new SnapshotQuery { Order = SnapshotOrder.Host, Ascending = true });

        async Task AssertSecondsAsync(long[] expected, SnapshotQuery query, int? total = null)
        {
            var found = await store.ListAsync(query, Stop);
            Assert.Equal(expected, found.Select(s => (s.TakenAt.ToUnixTimeMilliseconds() - Epoch) / 1000));
            Assert.Equal(total ?? expected.Length, await store.CountAsync(query, Stop));
        }
    }

    [Fact]
    public async Task Change_LabelNoteAndPin_KeepsTheRestAndIsFound()
    {
        await using var hub = await StartAsync(await NewDatabaseAsync());
        var store = hub.Get<ISnapshotStore>();
        var stored = await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "before", Stop);
        var changed = await store.ChangeAsync(stored.Id, new SnapshotChange { Note = "a leak?" }, Stop);
        Assert.Equal(stored with { Note = "a leak?" }, changed);
        Assert.Equal(stored with { Note = "a leak?", Pinned = true, Label = "" }, await store.ChangeAsync(stored.Id, new SnapshotChange { Pinned = true, Label = "" }, Stop));
        Assert.Single(await store.ListAsync(new SnapshotQuery { Name = "LEAK" }, Stop));
        Assert.Empty(await store.ListAsync(new SnapshotQuery { Name = "before" }, Stop));
        Assert.Null(await store.ChangeAsync("none", new SnapshotChange { Pinned = true }, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => store.ChangeAsync(stored.Id, new SnapshotChange { Label = new string('x', 201) }, Stop));
    }

    [Fact]
    public async Task Delete_ThenRestore_IsGoneForEveryCallAndThenBack()
    {
        await using var hub = await StartAsync(await NewDatabaseAsync());
        var store = hub.Get<ISnapshotStore>();
        var stored = await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", Stop);
        Assert.True(await store.DeleteAsync(stored.Id, "someone", Stop));
        Assert.Null(await store.FindAsync(stored.Id, Stop));
        Assert.Null(await store.LoadAsync(stored.Id, Stop));
        Assert.Equal(0, await store.CountAsync(new SnapshotQuery(), Stop));
        Assert.False(await store.DeleteAsync(stored.Id, "someone", Stop));
        Assert.True(await store.RestoreAsync(stored.Id, "someone", Stop));
        Assert.Equal(stored, await store.FindAsync(stored.Id, Stop));
        Assert.NotNull(await store.LoadAsync(stored.Id, Stop));
        Assert.False(await store.RestoreAsync(stored.Id, "someone", Stop));
        var audit = await hub.Get<AuditLog>().ListAsync(10, Stop);
        Assert.Equal([AuditActions.SnapshotRestored, AuditActions.SnapshotDeleted], audit.Select(entry => entry.Action));
        Assert.All(audit, entry => Assert.Equal(("someone", stored.Id), (entry.Who, entry.Target)));
    }

    [Fact]
    public async Task Add_TextsWithEveryCharacter_AreKept()
    {
        await using var hub = await StartAsync(await NewDatabaseAsync());
        var store = hub.Get<ISnapshotStore>();
        var stored = await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "tab\t 'quote' \"x\" \\ % _ 💾", Stop);
        Assert.Equal(stored.Label, (await store.FindAsync(stored.Id, Stop))!.Label);
        Assert.Single(await store.ListAsync(new SnapshotQuery { Name = @"\ % 💾" }, Stop));
        // PostgreSQL has no place for the character with code zero, SQLite has.
        var withNul = await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "a\0b", Stop);
        Assert.Matches("^a[\0 ]b$", (await store.FindAsync(withNul.Id, Stop))!.Label);
    }

    private static DateTimeOffset At(int second) => DateTimeOffset.FromUnixTimeMilliseconds(Epoch + second * 1000);

    private static Task<TestHub> StartAsync(string? database, TestFolder? folder = null) =>
        TestHub.StartAsync(options => options with { Database = database }, folder: folder);
}
