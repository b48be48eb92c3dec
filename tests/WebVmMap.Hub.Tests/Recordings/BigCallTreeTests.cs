using System.Globalization;
using System.Net;
using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>Call trees of many calls as scripts get them.</summary>
public sealed class BigCallTreeTests
{
    private const string System = "/usr/lib/x86_64-linux-gnu/libc.so.6";

    [Fact]
    public async Task CallTree_OfMoreCallsThanItMayHave_TellsTheGreatestAndHowManyItDoesNot()
    {
        const int Calls = 5_000;
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = await SendAsync(agent, id, Calls);
        // Main calls each, and the call of number n keeps n bytes.
        const long All = (long)Calls * (Calls + 1) / 2;
        var whole = await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree");
        Assert.False(whole.TryGetProperty("cut", out _));
        Assert.Equal((All, Calls), (Live(whole), Called(whole).Length));

        var some = await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?maxCalls=1000");
        var told = Called(some);
        Assert.Equal(All, Live(some));
        Assert.Equal(All, told.Sum(Live));
        // With the whole, main, and what stands for the others there are a thousand.
        Assert.Equal((998, "[smaller]"), (told.Length, told[^1].GetProperty("function").GetString()));
        Assert.Equal(Enumerable.Range(0, 997).Select(i => (long)Calls - i), told.SkipLast(1).Select(Live));
        var cut = some.GetProperty("cut");
        Assert.Equal(
            (Calls - 997, "liveBytes", (long)Calls - 996), (cut.GetProperty("calls").GetInt32(), cut.GetProperty("metric").GetString(), cut.GetProperty("below").GetInt64()));
        Assert.False(told[0].TryGetProperty("cut", out _));

        foreach (var wrong in new[] { "maxCalls=1", "maxCalls=1000001", "kind=both", "minShare=2" })
        {
            Assert.Contains(
                wrong.Split('=')[0], await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/calltree?{wrong}", RecordingFixture.Stop), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CallTree_WithoutTheSystemOrOfAllMemory_CountsAsThePageDoes()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        // Main calls something of the C library, which calls back; and maps memory itself.
        await stream.SendAsync(RecordedScript.Interval(0) with
        {
            Modules = [new RecordedModule(RecordedScript.Module, "ab", "found"), new RecordedModule(System, "cd", "found")],
            Frames = [new(0, 0x10), new(1, 0x20), new(0, 0x30)],
            Nodes = [new(-1, 0), new(0, 1), new(1, 2)],
            Sites = [new(1, AllocationKind.Heap), new(2, AllocationKind.Heap), new(0, AllocationKind.Virtual)],
            Symbols = [Named(0, "main"), Named(1, "qsort"), Named(2, "compare")],
            Allocated = [new(0, 1, 100), new(1, 1, 20), new(2, 1, 4096)],
        });
        Assert.Equal("main 120 [qsort 120 [compare 20 []]]", Text(await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree")));
        Assert.Equal("main 120 [compare 20 []]", Text(await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?hideSystem=true")));
        Assert.Equal("main 4096 []", Text(await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?kind=virtual")));
        Assert.Equal("main 4216 [compare 20 []]", Text(await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?kind=All&hideSystem=true")));
        Assert.Equal(4216, (await RecordingFixture.GetAsync(hub.Api, $"{id}/sizes?kind=all")).EnumerateArray().Sum(size => Live(size.GetProperty("total"))));
        Assert.Equal(4216, Live((await RecordingFixture.GetAsync(hub.Api, $"{id}/callers?function=main&kind=all")).GetProperty("total")));

        static string Text(JsonElement node) => string.Join(", ", node.GetProperty("children").EnumerateArray().Select(child =>
            $"{child.GetProperty("function").GetString()} {Live(child)} [{Text(child)}]"));
    }

    [Fact]
    public async Task CallTree_ThatNobodyTakes_KeepsItsTurnUntilItsReaderLeaves()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        // Some 25 MB as text: far more than the system keeps of what was sent and is not read.
        using var stream = await SendAsync(agent, id, 100_000);
        var unread = new List<HttpResponseMessage>();
        for (var i = 0; i < BigReads.AtOnce; i++)
        {
            unread.Add(await hub.Api.GetAsync($"/api/v1/recordings/{id}/calltree", HttpCompletionOption.ResponseHeadersRead, RecordingFixture.Stop));
            Assert.Equal((HttpStatusCode.OK, "application/json"), (unread[i].StatusCode, unread[i].Content.Headers.ContentType?.ToString()));
            Assert.Null(unread[i].Content.Headers.ContentLength);
        }
        // One more than may wait: that one is refused, whichever it is.
        var waiting = Enumerable.Range(0, BigReads.Waiting + 1)
            .Select(_ => hub.Api.GetAsync($"/api/v1/recordings/{id}/callers?function=main", RecordingFixture.Stop)).ToList();
        var refused = await Task.WhenAny(waiting);
        Assert.Equal("10", (await refused).Headers.GetValues("Retry-After").Single());
        await RecordingFixture.ProblemAsync(refused, HttpStatusCode.TooManyRequests);
        waiting.Remove(refused);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        // What costs little is answered all the while.
        await RecordingFixture.GetAsync(hub.Api, $"{id}/timeline");

        unread.ForEach(one => one.Dispose());
        foreach (var one in waiting)
        {
            using var answer = await one;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<ScriptedRecording> SendAsync(ScriptedAgent agent, string id, int calls)
    {
        var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0) with
        {
            Frames = [.. Enumerable.Range(0, calls + 1).Select(i => new RecordedFrame(0, (ulong)i))],
            Nodes = [new RecordedNode(-1, 0), .. Enumerable.Range(1, calls).Select(i => new RecordedNode(0, i))],
            Sites = [.. Enumerable.Range(1, calls).Select(i => new AllocationSite(i, AllocationKind.Heap))],
            Symbols = [Named(0, "main")],
            Allocated = [.. Enumerable.Range(0, calls).Select(i => new SiteAllocated(i, 1, i + 1))],
        });
        return stream;
    }

    private static FrameSymbols Named(int frame, string function) => new(frame, [new CodeLine(function, "", 0)]);

    private static JsonElement[] Called(JsonElement root) => [.. Assert.Single(root.GetProperty("children").EnumerateArray()).GetProperty("children").EnumerateArray()];

    private static long Live(JsonElement node) => long.Parse(node.GetProperty("liveBytes").GetRawText(), CultureInfo.InvariantCulture);
}
