using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Live;

public sealed class LiveHubTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_LiveProcess_FramesDecodeToWhatTheAgentSaw()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        await using var viewer = await ConnectAsync(hub);
        var frames = await viewer.WatchAsync(Live());
        using var source = await LiveSource.BeginAsync(agent);
        var decoder = new FrameDecoder(TestSnapshots.Process());
        for (var tick = 0; tick < 5; tick++)
        {
            var snapshot = await source.TickAsync();
            Assert.Equal(FrameOutcome.Applied, decoder.Apply(await frames.NextAsync()));
            Assert.Equal(snapshot.Summary.Total.Committed, decoder.Current!.Summary.Total.Committed);
            Assert.Equal(snapshot.Regions.Count, decoder.Current.Regions.Count);
            Assert.Equal(snapshot.Notes, decoder.Current.Notes);
        }
    }

    [Fact]
    public async Task Watch_JoinsLate_BeginsWithAKeyFrameAndFollowsTheDeltas()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        await using var viewer = await ConnectAsync(hub);
        var early = await viewer.WatchAsync(Live());
        using var source = await LiveSource.BeginAsync(agent);
        for (var tick = 0; tick < 4; tick++)
        {
            await source.TickAsync();
            await early.NextAsync();
        }
        var late = await viewer.WatchAsync(Live());
        var decoder = new FrameDecoder(TestSnapshots.Process());
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(await late.NextAsync()));
        Assert.Equal(4, decoder.Sequence);
        var snapshot = await source.TickAsync();
        var delta = await late.NextAsync();
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(delta));
        Assert.Equal(await early.NextAsync(), delta);
        Assert.Equal(snapshot.Summary.Total.Committed, decoder.Current!.Summary.Total.Committed);
    }

    [Fact]
    public async Task Watch_OneOfManyStopsReading_OthersMissNothing()
    {
        const int Viewers = 20;
        const int Ticks = 40;
        // The transport never gives the stalled viewer up: if any other viewer had to wait for it, it would wait for ever.
        await using var hub = await TestHub.StartAsync(
            configure: builder => builder.Services.Configure<LiveTransportOptions>(transport => transport.SendTimeout = TimeSpan.FromHours(1)));
        await using var agent = await hub.AgentAsync();
        await using var stalled = await StalledViewer.ConnectAsync(hub);
        var viewers = new List<HubConnection>();
        try
        {
            for (var i = 0; i < Viewers; i++)
            {
                viewers.Add(await ConnectAsync(hub));
            }
            var streams = await Task.WhenAll(viewers.Select(viewer => viewer.WatchAsync(Live())));
            // Large enough that what the stalled viewer does not read fills every buffer on the way to it.
            using var source = await LiveSource.BeginAsync(agent, regions: 20_000);
            for (var tick = 1; tick <= Ticks; tick++)
            {
                await source.TickAsync(newTexts: true);
                foreach (var stream in streams)
                {
                    Assert.Equal(tick, FrameNumber(await stream.NextAsync()));
                }
            }
            Assert.True(stalled.IsConnected);
        }
        finally
        {
            foreach (var viewer in viewers)
            {
                await viewer.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Join_ViewerThatReadsTooLate_FindsTheGapAndAKeyFrame()
    {
        var frames = new LiveFrames();
        var strings = new StringTable();
        var reader = frames.Join(out var leave);
        for (var tick = 1; tick <= 5; tick++)
        {
            frames.Publish(TestSnapshots.Of(allocations: 100 + tick, strings: strings));
        }
        leave();
        var kept = await reader.ReadAllAsync(Stop).ToListAsync(Stop);
        Assert.Equal([4, 5], kept.Select(frame => frame.Sequence));
        var decoder = new FrameDecoder(TestSnapshots.Process());
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(kept[0].Key));
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(kept[1].Data));
        Assert.Equal(105 * 2 * TestSnapshots.PageBytes, decoder.Current!.Summary.Total.Committed);
    }

    [Fact]
    public async Task Watch_KeptSnapshot_IsOneKeyFrame()
    {
        await using var hub = await TestHub.StartAsync();
        var snapshot = TestSnapshots.Of(allocations: 30);
        var stored = await hub.Get<ISnapshotStore>().AddAsync(snapshot, "alpha", "Alpha", "", CancellationToken.None);
        await using var viewer = await ConnectAsync(hub);
        var frames = await viewer.StreamAsync<byte[]>("Watch", new Dictionary<string, object> { ["snapshot"] = stored.Id }, Stop).ToListAsync(Stop);
        var decoder = new FrameDecoder(snapshot.Process);
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(Assert.Single(frames)));
        Assert.Equal(snapshot.Regions.Count, decoder.Current!.Regions.Count);
    }

    public static TheoryData<string, Dictionary<string, object>> BadRequests() => new()
    {
        { "nothing", [] },
        { "no number", new() { ["host"] = "alpha", ["pid"] = 1, ["start"] = "12x" } },
        { "negative pid", new() { ["host"] = "alpha", ["pid"] = -1, ["start"] = "0" } },
        { "unknown snapshot", new() { ["snapshot"] = "nothere" } },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Watch_BadRequest_IsRefusedInOneSentence(string what, Dictionary<string, object> request)
    {
        await using var hub = await TestHub.StartAsync();
        // SignalR itself logs what a hub method refuses.
        hub.ExpectErrors();
        await using var viewer = await ConnectAsync(hub);
        var refusal = await Assert.ThrowsAsync<HubException>(async () => await viewer.StreamAsync<byte[]>("Watch", request, Stop).ToListAsync(Stop));
        Assert.True(refusal.Message.Length > 10, what);
    }

    [Fact]
    public async Task Watch_NinthStreamOfAConnection_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        await using var viewer = await ConnectAsync(hub);
        var first = await viewer.WatchAsync(Live());
        using var source = await LiveSource.BeginAsync(agent);
        await source.TickAsync();
        await first.NextAsync();
        for (var i = 1; i < StreamCount.Most; i++)
        {
            await (await viewer.WatchAsync(Live())).NextAsync();
        }
        hub.ExpectErrors();
        await Assert.ThrowsAsync<HubException>(async () => await viewer.StreamAsync<byte[]>("Watch", Live(), Stop).ToListAsync(Stop));
    }

    internal static Dictionary<string, object> Live() => new() { ["host"] = "alpha", ["pid"] = 42, ["start"] = "77", ["intervalMs"] = 1000 };

    private static async Task<HubConnection> ConnectAsync(TestHub hub)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(hub.Pages, "/live"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(TestHub.ApiKey))
            .AddMessagePackProtocol()
            .Build();
        await connection.StartAsync(Stop);
        return connection;
    }

    // docs/formats.md "Frame": version, kind, sequence; a small sequence is one byte.
    private static int FrameNumber(byte[] frame) => frame[2];
}
