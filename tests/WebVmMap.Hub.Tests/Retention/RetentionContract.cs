using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Hub.Tests.Recordings;
using Xunit;

namespace WebVmMap.Hub.Tests.Retention;

/// <summary>What retention does on either database, with a clock that the test drives.</summary>
public abstract class RetentionContract
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    private protected abstract Task<string?> NewDatabaseAsync();

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OverEachLimit_KeepsTheNewestAndThePinned()
    {
        var time = new FakeTimeProvider(s_start);
        await using var hub = await StartAsync(time);
        var store = hub.Get<ISnapshotStore>();
        var ids = new List<string>();
        for (var day = 0; day < 6; day++)
        {
            foreach (var host in new[] { "alpha", "beta" })
            {
                ids.Add((await store.AddAsync(TestSnapshots.Of(at: s_start.AddDays(day)), host, host, host == "alpha" ? $"{day}" : "", Stop)).Id);
            }
        }
        await store.ChangeAsync(ids[0], new SnapshotChange { Pinned = true }, Stop);
        time.SetUtcNow(s_start.AddDays(6));
        await hub.Get<IRetention>().SetAsync(new RetentionSettings { Days = 4, CountPerHost = 3, BytesPerHost = 0 }, "someone", Stop);
        await hub.Get<RetentionKeeper>().RunAsync(Stop);
        Assert.Equal(["5", "4", "3", "0"], (await store.ListAsync(new SnapshotQuery { HostId = "alpha" }, Stop)).Select(s => s.Label));
        Assert.Equal(3, await store.CountAsync(new SnapshotQuery { HostId = "beta" }, Stop));
        var state = await hub.Get<IRetention>().StateAsync(Stop);
        var alpha = state.Hosts[0];
        Assert.Equal(("alpha", 3, 1, ids[6], s_start.AddDays(3), s_start.AddDays(7)), (alpha.HostId, alpha.Count, alpha.PinnedCount, alpha.NextId, alpha.NextTakenAt, alpha.NextGoesAt));
        var all = await store.ListAsync(new SnapshotQuery { HostId = "alpha", Pinned = false }, Stop);
        Assert.Equal(all.Sum(s => s.StoredBytes), alpha.Bytes);
        Assert.True(state.Space.TotalBytes > 10_000);
        var audit = await hub.Get<AuditLog>().ListAsync(10, Stop);
        Assert.Contains(audit, entry => entry is { Who: "retention", Target: "alpha", Details: "2 over the limits: 1 by age, 1 by count" });
        Assert.Contains(audit, entry => entry is { Who: "someone", Action: AuditActions.RetentionChanged });
    }

    [Fact]
    public async Task Run_InTheBin_GoesForGoodAfterItsTime()
    {
        var time = new FakeTimeProvider(s_start);
        await using var hub = await StartAsync(time);
        var store = hub.Get<ISnapshotStore>();
        var (kept, gone) = (await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", Stop), await store.AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", Stop));
        await store.DeleteAsync(kept.Id, "someone", Stop);
        await store.DeleteAsync(gone.Id, "someone", Stop);
        Assert.Equal(2, (await hub.Get<IRetention>().StateAsync(Stop)).InBin);
        time.SetUtcNow(s_start + RetentionKeeper.BinTime - TimeSpan.FromSeconds(1));
        await hub.Get<RetentionKeeper>().RunAsync(Stop);
        Assert.True(await store.RestoreAsync(kept.Id, "someone", Stop));
        time.SetUtcNow(s_start + RetentionKeeper.BinTime);
        await hub.Get<RetentionKeeper>().RunAsync(Stop);
        Assert.False(await store.RestoreAsync(gone.Id, "someone", Stop));
        Assert.Equal(kept, await store.FindAsync(kept.Id, Stop));
        Assert.Equal((1, 1), await hub.Get<HubDatabase>().UseAsync(
            async context => (await context.Snapshots.IgnoreQueryFilters().CountAsync(Stop), await context.SnapshotData.CountAsync(Stop)), Stop));
    }

    [Fact]
    public async Task Run_RecordingsOverTheirLimits_KeepsTheNewestThePinnedAndTheOneUnderWay()
    {
        var time = new FakeTimeProvider(s_start);
        await using var hub = await StartAsync(time);
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var ids = new List<string>();
        for (var second = 0; second < 5; second++)
        {
            // By more at once the agent would seem to have gone away.
            time.SetUtcNow(s_start.AddSeconds(second));
            ids.Add(await RecordingFixture.StartAsync(hub.Api, agent, 70 + second));
            using var stream = agent.StreamRecording();
            await stream.OpenAsync(ids[second]);
            await stream.SendAsync(RecordedScript.Interval(0));
            // The oldest is under way until the end.
            if (second > 0)
            {
                await stream.EndAsync();
                await RecordingFixture.WhenAsync(hub, ids[second], recording => recording.HasEnded);
            }
        }
        var recordings = hub.Get<IRecordings>();
        await recordings.ChangeAsync(ids[1], new RecordingChange { Pinned = true }, Stop);
        await hub.Get<IRetention>().SetAsync(new RetentionSettings { Recordings = new RecordingRetentionLimits { Days = 0, CountPerHost = 2 } }, "someone", Stop);
        await hub.Get<RetentionKeeper>().RunAsync(Stop);
        Assert.Equal([ids[4], ids[3], ids[1], ids[0]], recordings.All.Select(recording => recording.Id));
        var usage = Assert.Single((await hub.Get<IRetention>().StateAsync(Stop)).Recordings);
        Assert.Equal(("alpha", 2, 1, ids[3], s_start.AddSeconds(3)), (usage.HostId, usage.Count, usage.PinnedCount, usage.NextId, usage.NextTakenAt));
        Assert.Equal(recordings.Find(ids[3])!.StoredBytes + recordings.Find(ids[4])!.StoredBytes, usage.Bytes);
        Assert.Equal(0, await hub.Get<HubDatabase>().UseAsync(context => context.RecordingSegments.CountAsync(segment => segment.RecordingId == ids[2]), Stop));
        Assert.Contains(
            await hub.Get<AuditLog>().ListAsync(3, Stop),
            entry => entry is { Who: "retention", Action: AuditActions.RecordingDeleted } && entry.Target == ids[2] && entry.Details.EndsWith("over the limits: count", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ProcessesOfOneProgram_CountAsOneAndGoTogether()
    {
        var time = new FakeTimeProvider(s_start);
        await using var hub = await StartAsync(time);
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var recordings = hub.Get<IRecordings>();
        var families = new List<string[]>();
        for (var family = 0; family < 3; family++)
        {
            time.SetUtcNow(s_start.AddSeconds(family));
            var program = await RecordingFixture.StartAsync(hub.Api, agent, 70 + family, children: true);
            string[] all = [program, (await RecordingChildrenTests.TellAsync(agent, program, 80 + (10 * family))).RecordingId, (await RecordingChildrenTests.TellAsync(agent, program, 81 + (10 * family))).RecordingId];
            families.Add(all);
            // The third program's last process is under way.
            foreach (var id in family < 2 ? all : all[..2])
            {
                using var stream = agent.StreamRecording();
                await stream.OpenAsync(id);
                await stream.SendAsync(RecordedScript.Interval(0));
                await stream.EndAsync();
                await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
            }
        }
        async Task<(HostUsage Usage, int Left)> KeepAsync(int count)
        {
            await hub.Get<IRetention>().SetAsync(new RetentionSettings { Recordings = new RecordingRetentionLimits { Days = 0, CountPerHost = count } }, "someone", Stop);
            await hub.Get<RetentionKeeper>().RunAsync(Stop);
            return (Assert.Single((await hub.Get<IRetention>().StateAsync(Stop)).Recordings), recordings.All.Length);
        }
        var (usage, left) = await KeepAsync(2);
        Assert.Equal((2, 0, 9, families[0][0]), (usage.Count, usage.PinnedCount, left, usage.NextId));
        Assert.Equal(families[..2].SelectMany(all => all).Sum(id => recordings.Find(id)!.StoredBytes), usage.Bytes);

        await recordings.ChangeAsync(families[0][1], new RecordingChange { Pinned = true }, Stop);
        (usage, left) = await KeepAsync(1);
        Assert.Equal((1, 1, 7), (usage.Count, usage.PinnedCount, left));
        Assert.Equal([families[0][1]], recordings.All.Select(recording => recording.Id).Intersect(families[0]));

        // A pin on the program's keeps its processes' too.
        await recordings.ChangeAsync(families[1][0], new RecordingChange { Pinned = true }, Stop);
        time.Advance(TimeSpan.FromSeconds(1));
        var newest = await RecordingFixture.StartAsync(hub.Api, agent, 99);
        using (var stream = agent.StreamRecording())
        {
            await stream.OpenAsync(newest);
            await stream.EndAsync();
            await RecordingFixture.WhenAsync(hub, newest, recording => recording.HasEnded);
        }
        (usage, left) = await KeepAsync(1);
        Assert.Equal((1, 2, 8, newest), (usage.Count, usage.PinnedCount, left, usage.NextId));
    }

    private protected async Task<TestHub> StartAsync(FakeTimeProvider time, TestFolder? folder = null)
    {
        var database = await NewDatabaseAsync();
        return await TestHub.StartAsync(options => options with { Database = database }, time: time, folder: folder);
    }
}
