using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

public sealed class RecordingStreamTests
{
    [Fact]
    public async Task Stream_BrokenAndOpenedAgain_GoesOnWhereTheHubStoredLast()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using (var first = agent.StreamRecording())
        {
            await first.OpenAsync(id);
            await first.SendAsync(RecordedScript.Interval(0));
            await first.SendAsync(RecordedScript.Interval(1));
        }
        using var second = agent.StreamRecording();
        Assert.Equal(2U, await second.OpenAsync(id));
        // What the agent had not heard of it sends again.
        Assert.Equal(2U, await second.SendAsync(RecordedScript.Interval(1)));
        Assert.Equal(3U, await second.SendAsync(RecordedScript.Interval(2)));
        Assert.Equal(320, hub.Get<IRecordings>().Find(id)!.Total.LiveBytes);
    }

    [Fact]
    public async Task Stream_ANewerOne_TakesOver()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var older = agent.StreamRecording();
        await older.OpenAsync(id);
        using var newer = agent.StreamRecording();
        await newer.OpenAsync(id);
        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<RpcException>(older.NextAsync)).StatusCode);
        Assert.Equal(1U, await newer.SendAsync(RecordedScript.Interval(0)));
    }

    [Fact]
    public async Task Stream_IntervalThatDoesNotFit_FailsTheRecordingAndKeepsWhatWasStored()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        await stream.SendAsync(RecordingCodec.Encode(RecordedScript.Interval(5)));
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(stream.NextAsync)).StatusCode);
        var failed = hub.Get<IRecordings>().Find(id)!;
        Assert.Equal((RecordingPhase.Failed, 1, 120L), (failed.Phase, failed.Intervals, failed.Total.LiveBytes));
        Assert.Contains("Interval 5", failed.Error, StringComparison.Ordinal);
        using var late = agent.StreamRecording();
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => late.OpenAsync(id))).StatusCode);
    }

    [Fact]
    public async Task Stream_AgentSaysThatItFailed_IsWhy()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.EndAsync("The ring broke.");
        await RecordingFixture.WhenAsync(hub, id, recording => recording is { Phase: RecordingPhase.Failed, Error: "The ring broke." });
    }

    [Fact]
    public async Task Agent_ThatDoesNotComeBack_EndsItAsFailedWithWhatWasStored()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using (var stream = agent.StreamRecording())
        {
            await stream.OpenAsync(id);
            await stream.SendAsync(RecordedScript.Interval(0));
        }
        // The wait begins when the hub notices that the stream is over: the clock moves until then.
        for (var ended = RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded); !ended.IsCompleted;)
        {
            time.Advance(RecordingBook.Patience);
            await Task.WhenAny(ended, Task.Delay(20, RecordingFixture.Stop));
        }
        var failed = hub.Get<IRecordings>().Find(id)!;
        Assert.Equal((RecordingPhase.Failed, 120L), (failed.Phase, failed.Total.LiveBytes));
        Assert.Contains("did not come back", failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, await hub.Get<IRecordings>().ReadAsync(id, state => state.Intervals, RecordingFixture.Stop));
    }

    [Fact]
    public async Task Views_OfOneRecording_AreWokenAndSeeTheSame()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        var recordings = hub.Get<IRecordings>();
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        var views = Enumerable.Range(0, 3).Select(_ => Signal.When(wake => recordings.Subscribe(id, wake), () => recordings.Find(id)!.Intervals == 3)).ToList();
        for (var i = 0; i < 3; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        await Task.WhenAll(views);
        Assert.Equal(320, await recordings.ReadAsync(id, state => state.Total.LiveBytes, RecordingFixture.Stop));
    }
}
