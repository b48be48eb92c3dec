using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
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
                await stream.SendAsync(RecordedScript.Interval(i));
            }
            await hub.Get<IRecordings>().ChangeAsync(id, new RecordingChange { Name = "before", Note = "the slow one", Pinned = true }, RecordingFixture.Stop);
        }
        await using var restarted = await StartAsync(database, folder);
        var recordings = restarted.Get<IRecordings>();
        Assert.Equal(("leaky", "before", "the slow one", true), (recordings.Find(id)!.Program, recordings.Find(id)!.Name, recordings.Find(id)!.Note, recordings.Find(id)!.Pinned));
        Assert.Equal((RecordingPhase.Running, 3, 320L), (recordings.Find(id)!.Phase, recordings.Find(id)!.Intervals, recordings.Find(id)!.Total.LiveBytes));
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

    private static Task<int> SegmentsAsync(TestHub hub, string id) => hub.Get<HubDatabase>().UseAsync(
        context => context.RecordingSegments.CountAsync(segment => segment.RecordingId == id), RecordingFixture.Stop);

    private static Task<TestHub> StartAsync(string? database, TestFolder folder) =>
        TestHub.StartAsync(options => options with { Database = database }, folder: folder);
}
