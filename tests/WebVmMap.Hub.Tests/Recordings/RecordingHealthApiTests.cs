using System.Net;
using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>Scripts are told what the page tells beside the figures: virtual memory, how the recording fares, and its modules.</summary>
public sealed class RecordingHealthApiTests
{
    [Fact]
    public async Task Recording_WithEveryFigureOfItsHealth_TellsItAlsoAfterARestart()
    {
        using var folder = new TestFolder();
        string id, told;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            await using var agent = await RecordingFixture.AgentAsync(hub);
            id = await RecordingFixture.StartAsync(hub.Api, agent);
            var begun = await RecordingFixture.GetAsync(hub.Api, id);
            Assert.False(begun.TryGetProperty("health", out _) || begun.TryGetProperty("virtual", out _));
            using var stream = agent.StreamRecording();
            await stream.OpenAsync(id);
            await stream.SendAsync(VirtualTimelineTests.Mapping(0) with
            {
                Health = new RecordingHealth
                {
                    Events = 11,
                    DroppedEvents = 2,
                    LostBlocks = 1,
                    LostBytes = 640,
                    Waits = 3,
                    WaitedNs = 1_500_000,
                    RingFill = 0.25,
                    Threads = 4,
                    UnknownFrees = 5,
                    MissedFrees = 6,
                    CutStacks = 7,
                    NotFollowed = 8,
                    Before = HeapBefore.Jemalloc,
                    BeforeUnwalkedBytes = 9,
                    BeforeCountedOnly = 10,
                    TargetCpuMs = 1.5,
                    StoppedNs = 2_500_000,
                    AgentCpuMs = 3.5,
                },
            });
            var recording = await RecordingFixture.GetAsync(hub.Api, id);
            Assert.Equal("7168 1 8192 1 1024 0", Fields(recording.GetProperty("virtual")));
            Assert.Equal("11 2 1 640 3 1.5 0.25 4 5 6 7 0 8 jemalloc the program uses jemalloc 9 10 1.5 2.5 3.5", told = Fields(recording.GetProperty("health")));
            await stream.EndAsync();
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        var kept = await RecordingFixture.GetAsync(restarted.Api, id);
        Assert.Equal(("7168 1 8192 1 1024 0", told), (Fields(kept.GetProperty("virtual")), Fields(kept.GetProperty("health"))));
    }

    [Fact]
    public async Task Recording_OfSamples_LeavesOutACostThatIsNotMeasured()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0) with { Health = new RecordingHealth { SampleBytes = 524288 } });
        var health = (await RecordingFixture.GetAsync(hub.Api, id)).GetProperty("health");
        Assert.Equal(524288L, VirtualTimelineTests.Of(health, "sampleBytes"));
        Assert.False(health.TryGetProperty("programCpuMs", out _));
    }

    [Fact]
    public async Task Modules_OfARecording_SayHowTheyFareWithSymbols()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0) with
        {
            Modules = [new(RecordedScript.Module, "ab", "found"), new("/lib/libz.so", "", "stripped: no names; no debug file, looked for /usr/lib/debug/z"), new("[jit]", "", "")],
        });
        var modules = await RecordingFixture.GetAsync(hub.Api, $"{id}/modules");
        Assert.Equal(
            ["path=/opt/demo/leaky buildId=ab symbols=found", "path=/lib/libz.so symbols=stripped: no names; no debug file, looked for /usr/lib/debug/z", "path=[jit]"],
            modules.EnumerateArray().Select(module => string.Join(' ', module.EnumerateObject().Select(field => $"{field.Name}={field.Value}"))));
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync(new Uri("/api/v1/recordings/none/modules", UriKind.Relative), RecordingFixture.Stop), HttpStatusCode.NotFound);
    }

    private static string Fields(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(field => field.Value.ToString()));
}
