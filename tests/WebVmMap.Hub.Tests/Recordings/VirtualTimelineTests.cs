using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>What a recording tells of what its program got from the system itself.</summary>
public sealed class VirtualTimelineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Timeline_OfAProgramThatMaps_TellsBothKindsApartAndEachAddsUp()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < 5; i++)
        {
            await stream.SendAsync(Mapping(i));
        }
        var buckets = (await RecordingFixture.GetAsync(hub.Api, $"{id}/timeline?buckets=2")).EnumerateArray().ToList();
        Assert.Equal([(320L, 21504L, 24576L, 3072L), (520L, 35840L, 16384L, 2048L)], buckets.Select(Virtual));
        Assert.Equal(520L, buckets.Sum(bucket => Of(bucket, "allocatedBytes") - Of(bucket, "freedBytes")));
        Assert.Equal(35840L, buckets.Sum(bucket => Of(bucket, "virtualAllocatedBytes") - Of(bucket, "virtualFreedBytes")));

        static (long, long, long, long) Virtual(JsonElement bucket) =>
            (Of(bucket, "liveBytes"), Of(bucket, "liveVirtualBytes"), Of(bucket, "virtualAllocatedBytes"), Of(bucket, "virtualFreedBytes"));
    }

    [Fact]
    public async Task Timeline_OfKeyFramesOfTheVersionBefore_IsReadFromTheIntervals()
    {
        const string Id = "old";
        const int Count = RecordingStore.SegmentIntervals + 3;
        using var folder = new TestFolder();
        await using (var recorder = await TestHub.StartAsync(folder: folder))
        {
            var store = recorder.Get<RecordingStore>();
            var recording = new Recording { Id = Id, HostId = "alpha", HostName = "alpha", Phase = RecordingPhase.Running, StartedAt = RecordedScript.EndOf(-1), CommandLine = "old" };
            await store.AddAsync(recording, null, Stop);
            var state = new RecordingState();
            for (var i = 0; i < Count; i++)
            {
                state.Apply(Mapping(i));
            }
            var intervals = Enumerable.Range(0, Count).Select(i => (ReadOnlyMemory<byte>)RecordingCodec.Encode(Mapping(i))).ToList();
            recording = recording with { Phase = RecordingPhase.Stopped, StoppedAt = RecordedScript.EndOf(Count), Intervals = Count, Total = state.Total };
            await store.AppendAsync(recording, 0, intervals, Stop);
            var key = RecordingKeyFrame.Of(state);
            var additions = key.Additions.ToArray();
            additions[0] = 1;
            await store.AddKeyAsync(Id, key with { Additions = additions }, Stop);
        }
        await using var hub = await TestHub.StartAsync(folder: folder);
        var bucket = Assert.Single((await RecordingFixture.GetAsync(hub.Api, $"{Id}/timeline?buckets=1")).EnumerateArray());
        Assert.Equal((7168L * Count, 8192L * Count, 1024L * Count), (Of(bucket, "liveVirtualBytes"), Of(bucket, "virtualAllocatedBytes"), Of(bucket, "virtualFreedBytes")));
        // So are the totals, which were not kept beside it then.
        var known = await RecordingFixture.GetAsync(hub.Api, Id);
        Assert.Equal(7168L * Count, Of(known.GetProperty("virtual"), "liveBytes"));
        Assert.Equal((5L * Count) - 2, Of(known.GetProperty("health"), "events"));
        // What sites did has not changed, so spans go on reading it from there.
        var root = await RecordingFixture.GetAsync(hub.Api, $"{Id}/calltree?kind=virtual");
        Assert.Equal(7168L * Count, Of(root, "liveBytes"));
    }

    internal static long Of(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    /// <summary>The interval of the script, in which the program also maps 8 KiB and unmaps 1 KiB of that.</summary>
    internal static RecordingInterval Mapping(int index)
    {
        var interval = RecordedScript.Interval(index);
        return interval with
        {
            Sites = index == 0 ? interval.Sites.Add(new AllocationSite(1, AllocationKind.Virtual)) : [],
            Allocated = interval.Allocated.Add(new SiteAllocated(2, 1, 8192)),
            Freed = interval.Freed.Add(new SiteFreed(2, index, 0, 1024)),
        };
    }
}
