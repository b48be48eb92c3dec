using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>How recordings rest in either database.</summary>
public abstract class RecordingStoreContract
{
    /// <summary>Connection string of a new PostgreSQL database; null for SQLite in the hub's folder.</summary>
    private protected abstract Task<string?> NewDatabaseAsync();

    [Fact]
    public async Task Recording_AfterRestart_GoesOnWhereItWasAndEndsWhole()
    {
        using var folder = new TestFolder();
        var database = await NewDatabaseAsync();
        string id;
        await using (var hub = await StartAsync(database, folder))
        {
            await using var agent = await RecordingFixture.AgentAsync(hub);
            id = await RecordingFixture.StartAsync(hub.Api, agent);
            using var stream = agent.StreamRecording();
            await stream.OpenAsync(id);
            for (var i = 0; i < 3; i++)
            {
                var interval = RecordedScript.Interval(i);
                await stream.SendAsync(i < 2 ? interval : interval with
                {
                    Sites = [new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true)],
                    Allocated = [.. interval.Allocated, new SiteAllocated(2, 7, 7000)],
                    Health = interval.Health with { Before = HeapBefore.Counted, BeforeUnwalkedBytes = 48 },
                });
            }
            await hub.Get<IRecordings>().ChangeAsync(id, new RecordingChange { Name = "before", Note = "the slow one", Pinned = true }, RecordingFixture.Stop);
        }
        await using var restarted = await StartAsync(database, folder);
        var recordings = restarted.Get<IRecordings>();
        Assert.Equal(("leaky", "before", "the slow one", true), (recordings.Find(id)!.Program, recordings.Find(id)!.Name, recordings.Find(id)!.Note, recordings.Find(id)!.Pinned));
        Assert.Equal(new FromBefore(HeapBefore.Counted, 7, 7000, 48), recordings.Find(id)!.Before);
        Assert.Equal((RecordingPhase.Running, 3, 7320L), (recordings.Find(id)!.Phase, recordings.Find(id)!.Intervals, recordings.Find(id)!.Total.LiveBytes));
        await using var again = await RecordingFixture.AgentAsync(restarted);
        using var goingOn = again.StreamRecording();
        Assert.Equal(3U, await goingOn.OpenAsync(id));
        await goingOn.SendAsync(RecordedScript.Interval(3));
        await goingOn.EndAsync();
        await RecordingFixture.WhenAsync(restarted, id, recording => recording.Phase == RecordingPhase.Stopped);
        Assert.Equal(
            new AllocationFigures(220, 4, 240, 6, 40, 4),
            await recordings.ReadSpanAsync(id, _ => (2, 4), (_, span) => span.Sites[0] + span.Sites[1], RecordingFixture.Stop));
    }

    [Fact]
    public async Task Child_AfterRestart_NamesItsParent()
    {
        using var folder = new TestFolder();
        var database = await NewDatabaseAsync();
        string parent, child;
        await using (var hub = await StartAsync(database, folder))
        {
            await using var agent = await RecordingFixture.AgentAsync(hub);
            parent = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
            child = (await RecordingChildrenTests.TellAsync(agent, parent, 80)).RecordingId;
        }
        await using var restarted = await StartAsync(database, folder);
        var recordings = restarted.Get<IRecordings>();
        Assert.Equal((parent, 77, "sort", "/usr/bin/sort", RecordingPhase.Running),
            (recordings.Find(child)!.ParentId, recordings.Find(child)!.ParentPid, recordings.Find(child)!.Program, recordings.Find(child)!.CommandLine, recordings.Find(child)!.Phase));
        await using var again = await RecordingFixture.AgentAsync(restarted);
        Assert.Equal(child, (await RecordingChildrenTests.TellAsync(again, parent, 80)).RecordingId);
    }

    [Fact]
    public async Task Segments_OfALongRecording_BecomeFewAndHoldEveryInterval()
    {
        const int Count = (2 * RecordingStore.SegmentIntervals) + 7;
        using var folder = new TestFolder();
        await using var hub = await StartAsync(await NewDatabaseAsync(), folder);
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < Count; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        Assert.Equal(9, await SegmentsAsync(hub, id));
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        var read = new List<int>();
        await foreach (var interval in hub.Get<RecordingStore>().ReadAsync(id, 5, Count - 1, RecordingFixture.Stop))
        {
            read.Add(interval.Index);
        }
        Assert.Equal(Enumerable.Range(5, Count - 6), read);
        Assert.True(await hub.Get<IRecordings>().DeleteAsync(id, "someone", RecordingFixture.Stop));
        Assert.Equal(0, await SegmentsAsync(hub, id));
    }

    [Fact]
    public async Task Snapshot_OfARecordedProcess_KeepsItsLiveBlocksWhenTheRecordingGoes()
    {
        using var folder = new TestFolder();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var database = await NewDatabaseAsync();
        await using var hub = await TestHub.StartAsync(options => options with { Database = database }, time: time, folder: folder);
        var (id, snapshotId) = await SnapshotAsync(hub);
        Assert.True(await hub.Get<IRecordings>().DeleteAsync(id, "someone", RecordingFixture.Stop));

        var live = await hub.Get<ISnapshotRecordings>().ReadAsync(snapshotId, RecordingFixture.Stop);
        Assert.NotNull(live);
        var blocks = await new RecordedBlocks(live, time).FindAsync(snapshotId, new BlockListQuestion(), RecordingFixture.Stop);
        Assert.Equal((1L, 100L, 2L, 240L), (blocks!.Count, blocks.Bytes, blocks.LeftOutBlocks, blocks.LeftOutBytes));
        var block = Assert.Single(blocks.Blocks);
        Assert.Equal((0x7f0000001000UL, "leak", "main", RecordedScript.EndOf(1)), (block.Address, block.Stack[0].Function, block.Stack[1].Function, block.AllocatedAt));
        Assert.Equal(220, await live.ReadAsync(snapshotId, state => state.Total.LiveBytes, RecordingFixture.Stop));

        // A link to the snapshot shows them, without folders.
        var (_, secret) = await hub.Get<IShares>().CreateAsync(new ShareRequest { Subject = ShareSubject.OfSnapshot(snapshotId) }, RecordingFixture.Stop);
        var opened = Assert.IsType<OpenedSnapshot>(await hub.Get<IShares>().OpenAsync(secret, count: false, RecordingFixture.Stop));
        var shown = await opened.Blocks!(RecordingFixture.Stop);
        Assert.Equal("leaky", await shown!.ReadAsync(snapshotId, state => Assert.Single(state.Modules).Path, RecordingFixture.Stop));

        // Scripts have them as they have those of a recording.
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/{snapshotId}/blocks?address=0x7f0000001008&minSize=64&top=5", RecordingFixture.Stop);
        Assert.Equal(("1", "100", "2"), (Header(answer, "X-Total-Count"), Header(answer, "X-Total-Bytes"), Header(answer, "X-Left-Out-Count")));
        var told = Assert.Single((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(RecordingFixture.Stop)).EnumerateArray());
        Assert.Equal(("0x7f0000001000", 100, "leak"), (told.GetProperty("address").GetString(), told.GetProperty("size").GetInt32(), told.GetProperty("stack")[0].GetProperty("function").GetString()));
        using var smaller = await hub.Api.GetAsync($"/api/v1/snapshots/{snapshotId}/blocks?minSize=101", RecordingFixture.Stop);
        Assert.Equal("0", Header(smaller, "X-Total-Count"));
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/snapshots/{snapshotId}/blocks?top=0", RecordingFixture.Stop), HttpStatusCode.BadRequest);
        var bare = (await hub.Get<ISnapshotStore>().AddAsync(TestSnapshots.Of(), "alpha", "Alpha", "", RecordingFixture.Stop)).Id;
        Assert.Contains("was not under recording", await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/snapshots/{bare}/blocks", RecordingFixture.Stop), HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Contains("no snapshot none", await RecordingFixture.ProblemAsync(hub.Api.GetAsync("/api/v1/snapshots/none/blocks", RecordingFixture.Stop), HttpStatusCode.NotFound), StringComparison.Ordinal);

        // They go with the snapshot.
        Assert.True(await hub.Get<ISnapshotStore>().DeleteAsync(snapshotId, "someone", RecordingFixture.Stop));
        time.Advance(RetentionKeeper.BinTime);
        await hub.Get<RetentionKeeper>().RunAsync(RecordingFixture.Stop);
        Assert.Equal(0, await hub.Get<HubDatabase>().UseAsync(context => context.SnapshotBlocks.CountAsync(), RecordingFixture.Stop));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    // Two intervals of the script, and the process looked at after them.
    private static async Task<(string Recording, string Snapshot)> SnapshotAsync(TestHub hub)
    {
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var key = TestSnapshots.Process().Key;
        var answer = hub.Get<IRecordings>().StartAsync(new NewRecording { HostId = "alpha", Pid = key.Pid }, "someone", RecordingFixture.Stop);
        var start = await agent.NextAsync(message => message.StartRecording);
        await agent.SendAsync(new Protocol.V1.AgentMessage
        {
            RecordingStarted = new Protocol.V1.RecordingStarted { RequestId = start.RequestId, RecordingId = start.RecordingId, Pid = key.Pid, StartStamp = key.StartStamp },
        });
        var id = (await answer).Id;
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        await stream.SendAsync(RecordedScript.Interval(1));

        var taking = hub.Get<ISnapshotTaker>().TakeAsync(new SnapshotRequest(new LiveProcessAddress("alpha", key.Pid, key.StartStamp), ""), RecordingFixture.Stop);
        var take = await agent.NextAsync(message => message.TakeSnapshot);
        await agent.UploadAsync(take.RequestId, TestSnapshots.Of());
        var find = await agent.NextAsync(message => message.FindBlocks);
        Assert.Equal((id, 0U, 10_000U), (find.RecordingId, find.Skip, find.Top));
        await agent.SendAsync(new Protocol.V1.AgentMessage
        {
            BlocksFound = new Protocol.V1.BlocksFound
            {
                RequestId = find.RequestId,
                Count = 3,
                Bytes = 340,
                Blocks = { new Protocol.V1.BlockRow { Address = 0x7f0000001000, Size = 100, Site = 0, Born = 1, Thread = 9, Weight = 1 } },
            },
        });
        var taken = await taking;
        Assert.Equal("", taken.Message);
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        return (id, taken.Stored!.Id);
    }

    private static Task<int> SegmentsAsync(TestHub hub, string id) => hub.Get<HubDatabase>().UseAsync(
        context => context.RecordingSegments.CountAsync(segment => segment.RecordingId == id), RecordingFixture.Stop);

    private static Task<TestHub> StartAsync(string? database, TestFolder folder) =>
        TestHub.StartAsync(options => options with { Database = database }, folder: folder);
}
