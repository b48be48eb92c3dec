using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

public sealed class RecordingApiTests
{
    private static CancellationToken Stop => RecordingFixture.Stop;

    [Fact]
    public async Task Recording_FromStartToStop_TellsExactlyWhatWasSent()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using (var stream = agent.StreamRecording())
        {
            Assert.Equal(0U, await stream.OpenAsync(id));
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal((uint)i + 1, await stream.SendAsync(RecordedScript.Interval(i), part: 7));
            }
            var running = await RecordingFixture.GetAsync(hub.Api, id);
            Assert.Equal(("running", 77), (running.GetProperty("state").GetString(), running.GetProperty("pid").GetInt32()));
            Assert.Equal(
                (420L, 6L, 480L, 12L, 60L, 6L),
                (running.GetProperty("liveBytes").GetInt64(), running.GetProperty("liveBlocks").GetInt64(), running.GetProperty("allocatedBytes").GetInt64(),
                    running.GetProperty("allocations").GetInt64(), running.GetProperty("freedBytes").GetInt64(), running.GetProperty("frees").GetInt64()));
            Assert.Equal((18L, 0L), (running.GetProperty("events").GetInt64(), running.GetProperty("droppedEvents").GetInt64()));

            var stopping = hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, Stop);
            Assert.Equal(id, (await agent.NextAsync(message => message.StopRecording)).RecordingId);
            Assert.Equal(5U, await stream.SendAsync(RecordedScript.Interval(4)));
            await stream.EndAsync();
            using var stopped = await stopping;
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
            var body = await stopped.Content.ReadFromJsonAsync<JsonElement>(Stop);
            Assert.Equal(("stopped", 520L), (body.GetProperty("state").GetString(), body.GetProperty("liveBytes").GetInt64()));
        }

        var timeline = await RecordingFixture.GetAsync(hub.Api, $"{id}/timeline?buckets=2");
        Assert.Equal(
            ["2026-11-02T09:00:00.75Z 320 360 40 9 4 0 0 0", "2026-11-02T09:00:01.25Z 520 240 40 6 4 0 0 0"],
            timeline.EnumerateArray().Select(bucket => string.Join(' ', bucket.EnumerateObject().Select(field => field.Value.ToString()))));

        var list = await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/recordings?host=alpha", Stop);
        Assert.Equal(id, Assert.Single(list.EnumerateArray()).GetProperty("id").GetString());
        Assert.Empty((await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/recordings?host=beta", Stop)).EnumerateArray());
        var audit = await hub.Get<AuditLog>().ListAsync(10, Stop);
        Assert.Equal([AuditActions.RecordingStopped, AuditActions.RecordingStarted], audit.Select(entry => entry.Action));
        Assert.Equal("/opt/demo/leaky --fast on alpha", audit[1].Details);
    }

    [Fact]
    public async Task Recording_OfAProcessThatRan_HasWhatWasThereBeforeApartAndInItsLiveFigures()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        var (first, second) = (RecordedScript.Interval(0), RecordedScript.Interval(1));
        await stream.SendAsync(first with { Health = first.Health with { Before = HeapBefore.UnderWay } });
        Assert.Equal(("underWay", 0L), Before(await RecordingFixture.GetAsync(hub.Api, id)));

        // 7 blocks are counted while it runs, of which one is freed, and one that was not counted.
        await stream.SendAsync(second with
        {
            Sites = [new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true, SizeClass.Of(1000)), new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true)],
            Allocated = [.. second.Allocated, new SiteAllocated(2, 7, 7000)],
            Freed = [.. second.Freed, new SiteFreed(2, -1, 1, 1000), new SiteFreed(3, -1, 1, 0)],
            Health = second.Health with { Before = HeapBefore.Counted, BeforeUnwalkedBytes = 48, UnknownFrees = 1 },
        });
        var recording = await RecordingFixture.GetAsync(hub.Api, id);
        Assert.Equal(("counted", 6000L), Before(recording));
        Assert.Equal((6L, 48L), (recording.GetProperty("beforeBlocks").GetInt64(), recording.GetProperty("beforeUnwalkedBytes").GetInt64()));
        Assert.False(recording.TryGetProperty("beforeReason", out _));
        Assert.Equal((6220L, 240L), (recording.GetProperty("liveBytes").GetInt64(), recording.GetProperty("allocatedBytes").GetInt64()));
        var timeline = await RecordingFixture.GetAsync(hub.Api, $"{id}/timeline");
        Assert.Equal([120L, 6220L], timeline.EnumerateArray().Select(point => point.GetProperty("liveBytes").GetInt64()));
        var root = await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree");
        Assert.Equal(6220L, root.GetProperty("liveBytes").GetInt64());
        Assert.Equal(["[before the recording] 6000 6 0 0", "main 220 4 240 6"], root.GetProperty("children").EnumerateArray().Select(child =>
            $"{child.GetProperty("function").GetString()} {child.GetProperty("liveBytes")} {child.GetProperty("liveBlocks")} {child.GetProperty("allocatedBytes")} {child.GetProperty("allocations")}"));
        // A span that begins later has none of it.
        var later = await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?from={Uri.EscapeDataString(RecordedScript.EndOf(0).AddMilliseconds(1).ToString("O", CultureInfo.InvariantCulture))}");
        Assert.Equal(120L, later.GetProperty("liveBytes").GetInt64());
        var sizes = await RecordingFixture.GetAsync(hub.Api, $"{id}/sizes");
        Assert.Contains(sizes.EnumerateArray(), size => size.GetProperty("total").GetProperty("liveBytes").GetInt64() == 6000);
        Assert.Contains("[before the recording] 6000", await hub.Api.GetStringAsync($"/api/v1/recordings/{id}/export?format=folded", Stop), StringComparison.Ordinal);

        static (string?, long) Before(JsonElement recording) => (recording.GetProperty("before").GetString(), recording.GetProperty("beforeBytes").GetInt64());
    }

    [Theory]
    [InlineData("", "main 520 7 [leak 500 5 [], work 20 2 []]")]
    [InlineData("&view=bottomUp", "leak 500 5 [main 500 5 []], work 20 2 [main 20 2 []]")]
    [InlineData("&view=byModule", "leaky 520 7 []")]
    [InlineData("&kind=virtual", "")]
    [InlineData("&kind=all", "main 520 7 [leak 500 5 [], work 20 2 []]")]
    [InlineData("&maxCalls=3", "main 520 7 [[smaller] 520 7 []]")]
    [InlineData("&maxCalls=4", "main 520 7 [leak 500 5 [], work 20 2 []]")]
    [InlineData("&minShare=0.1", "main 520 7 [leak 500 5 [], [smaller] 20 2 []]")]
    [InlineData("&metric=allocations", "main 520 7 [work 20 2 [], leak 500 5 []]")]
    [InlineData("&from=2026-11-02T09:00:00.500Z&to=2026-11-02T09:00:01.000Z", "main 220 4 [leak 200 2 [], work 20 2 []]")]
    [InlineData("&from=2026-11-02T09:00:00.600Z&to=2026-11-02T09:00:00.700Z", "main 120 3 [leak 100 1 [], work 20 2 []]")]
    [InlineData("&from=2030-01-01T00:00:00Z", "")]
    public async Task CallTree_EachParameter_TellsThatSpanThatWay(string query, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < 5; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        var root = await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?{query.TrimStart('&')}");
        Assert.Equal("[all]", root.GetProperty("function").GetString());
        Assert.Equal(expected, Children(root));

        static string Children(JsonElement node) => string.Join(", ", node.GetProperty("children").EnumerateArray().Select(child =>
            $"{child.GetProperty("function").GetString()} {child.GetProperty("liveBytes").GetInt64()} {child.GetProperty("liveBlocks").GetInt64()} [{Children(child)}]"));
    }

    [Fact]
    public async Task CallTree_OfTwoSpans_TellsHowMuchEachCallGrew()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < 5; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        // Two intervals before, three after; what work allocates is freed in the interval after.
        var root = await RecordingFixture.GetAsync(
            hub.Api, $"{id}/calltree?baseTo=2026-11-02T09:00:00.500Z&from=2026-11-02T09:00:00.500Z&within=second");
        Assert.Equal((320, 100, 40), (root.GetProperty("liveBytes").GetInt64(), Growth(root, "liveBytes"), Growth(root, "temporaryBytes")));
        var calls = root.GetProperty("children")[0].GetProperty("children").EnumerateArray().ToDictionary(call => call.GetProperty("function").GetString()!);
        Assert.Equal((100, 1, 100), (Growth(calls["leak"], "liveBytes"), Growth(calls["leak"], "liveBlocks"), Growth(calls["leak"], "allocatedBytes")));
        Assert.Equal((0, 20, 40, 60), (Growth(calls["work"], "liveBytes"), Growth(calls["work"], "allocatedBytes"), Growth(calls["work"], "temporaryBytes"), calls["work"].GetProperty("temporaryBytes").GetInt64()));
        // None of it is freed in the interval in which it was allocated.
        Assert.Equal(0, (await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?within=interval")).GetProperty("temporaryBytes").GetInt64());
        Assert.Contains("baseFrom", await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/calltree?baseFrom=cold", Stop), HttpStatusCode.BadRequest), StringComparison.Ordinal);

        static long Growth(JsonElement node, string figure) => node.GetProperty("growth").GetProperty(figure).GetInt64();
    }

    [Fact]
    public async Task Sizes_OfASpan_AreTheFiguresByClass()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0) with { Sites = [new(1, AllocationKind.Heap, SizeClass: 7), new(2, AllocationKind.Heap, SizeClass: 4)] });
        var sizes = (await RecordingFixture.GetAsync(hub.Api, $"{id}/sizes")).EnumerateArray().Select(size => (
            size.GetProperty("sizeClass").GetInt32(), size.GetProperty("from").GetInt64(), size.GetProperty("upTo").GetInt64(), size.GetProperty("total").GetProperty("liveBytes").GetInt64()));
        Assert.Equal([(4, 0, 16, 20), (7, 65, 128, 100)], sizes);
        Assert.Equal(100, (await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?sizeClass=7")).GetProperty("liveBytes").GetInt64());
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/calltree?sizeClass=64", Stop), HttpStatusCode.BadRequest);
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync("/api/v1/recordings/none/sizes", Stop), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Callers_OfAFunction_AreThoseThatCallItAndThatItCalls()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        var main = await RecordingFixture.GetAsync(hub.Api, $"{id}/callers?function=main");
        Assert.Equal((120, 0), (main.GetProperty("total").GetProperty("liveBytes").GetInt64(), main.GetProperty("self").GetProperty("liveBytes").GetInt64()));
        Assert.Equal("[all]", Assert.Single(main.GetProperty("callers").EnumerateArray()).GetProperty("function").GetString());
        Assert.Equal(
            [("leak", 100L), ("work", 20L)],
            main.GetProperty("callees").EnumerateArray().Select(callee => (callee.GetProperty("function").GetString()!, callee.GetProperty("total").GetProperty("liveBytes").GetInt64())));
        Assert.Equal("leak", (await RecordingFixture.GetAsync(hub.Api, $"{id}/callers?function=leak&module={RecordedScript.Module}")).GetProperty("function").GetString());
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/callers?function=nothing", Stop), HttpStatusCode.NotFound);
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/callers", Stop), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Marks_AsFromAndTo_BoundTheSpan()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        // By the hub's clock, as an agent on the same machine: the first interval ends before the mark, the second after it.
        await stream.SendAsync(RecordedScript.Interval(0, DateTimeOffset.UtcNow.AddMinutes(-1)));
        using (var marked = await hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/marks", new { label = "warm" }, Stop))
        {
            Assert.Equal(HttpStatusCode.Created, marked.StatusCode);
        }
        await stream.SendAsync(RecordedScript.Interval(1, DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.Equal(120, (await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?from=warm")).GetProperty("liveBytes").GetInt64());
        Assert.Equal("warm", Assert.Single((await RecordingFixture.GetAsync(hub.Api, id)).GetProperty("marks").EnumerateArray()).GetProperty("label").GetString());
        Assert.Contains("mark", await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/calltree?from=cold", Stop), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/marks", new { label = " " }, Stop), HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task Marks_OfAHostWhoseClockIsWrong_LieBetweenTheIntervalsThatTheyCameBetween(int minutes)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0, DateTimeOffset.UtcNow.AddMinutes(minutes)));
        using (var marked = await hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/marks", new { label = "warm" }, Stop))
        {
            Assert.Equal(HttpStatusCode.Created, marked.StatusCode);
        }
        await stream.SendAsync(RecordedScript.Interval(1, DateTimeOffset.UtcNow.AddMinutes(minutes)));
        // Of each interval 120 bytes are allocated, and 20 of the first are freed in the second.
        Assert.Equal((120, 20), Figures(await RecordingFixture.GetAsync(hub.Api, $"{id}/calltree?from=warm")));

        static (long, long) Figures(JsonElement tree) => (tree.GetProperty("allocatedBytes").GetInt64(), tree.GetProperty("freedBytes").GetInt64());
    }

    [Fact]
    public async Task Blocks_WhileItRuns_AreToldWithTimeAndStack()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        var answer = RecordingFixture.GetAsync(hub.Api, $"{id}/blocks?address=0x7f0000001008&minSize=64&top=5");
        var request = await agent.NextAsync(message => message.FindBlocks);
        Assert.Equal((id, 0x7f0000001008UL, 64L, 5U), (request.RecordingId, request.Address, request.MinSize, request.Top));
        await agent.SendAsync(new AgentMessage
        {
            BlocksFound = new BlocksFound { RequestId = request.RequestId, Blocks = { new BlockRow { Address = 0x7f0000001000, Size = 100, Site = 0, Born = 0, Thread = 9, Weight = 3 } } },
        });
        Assert.Equal(
            """[{"address":"0x7f0000001000","size":100,"kind":"heap","time":"2026-11-02T09:00:00.25Z","thread":9,"weight":3,"stack":[{"function":"leak","module":"/opt/demo/leaky","file":"/src/leaky.c","line":10},{"function":"main","module":"/opt/demo/leaky","file":"/src/leaky.c","line":5}]}]""",
            (await answer).GetRawText());
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        Assert.Contains("could not hand it over", await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/blocks", Stop), HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_OfACall_AreAskedBySiteAndTime()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        await stream.SendAsync(RecordedScript.Interval(1));
        var answer = hub.Api.GetAsync($"/api/v1/recordings/{id}/blocks?function=leak&from=2026-11-02T09:00:00.3Z&addressFrom=0x1000&addressTo=0x2000&sort=newest&skip=7&kind=heap", Stop);
        var request = await agent.NextAsync(message => message.FindBlocks);
        Assert.Equal((1, 2, BlockOrdering.Newest, 7U), (request.BornFrom, request.BornTo, request.Order, request.Skip));
        Assert.Equal([0x1000UL, 0x2000UL], request.Ranges);
        // The first of the two sites alone.
        Assert.Equal([1], request.Sites.ToByteArray());
        await agent.SendAsync(new AgentMessage { BlocksFound = new BlocksFound { RequestId = request.RequestId, Count = 3, Bytes = 300 } });
        using var found = await answer;
        Assert.Equal(("3", "300"), (Assert.Single(found.Headers.GetValues("X-Total-Count")), Assert.Single(found.Headers.GetValues("X-Total-Bytes"))));
    }

    [Fact]
    public async Task Blocks_AfterTheEnd_AreThoseThatWereLiveThen()
    {
        using var folder = new TestFolder();
        string id;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            await using var agent = await RecordingFixture.AgentAsync(hub);
            id = await RecordingFixture.StartAsync(hub.Api, agent);
            using var stream = agent.StreamRecording();
            await stream.OpenAsync(id);
            await stream.SendAsync(RecordedScript.Interval(0));
            await stream.SendAsync(new KeptBlocks
            {
                Blocks = [new(0x1000, 100, 0, 0, 9), new(0x2000, 10, 1, 0, 9), new(0x3000, 10, 1, 0, 9), new(0x4000, 50, 99, 0, 9)],
                LeftOutBlocks = 4,
                LeftOutBytes = 44,
            }, part: 5);
            await stream.EndAsync();
            await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        using var all = await restarted.Api.GetAsync($"/api/v1/recordings/{id}/blocks?top=2", Stop);
        // One is of a stack that was never told, and is left out as the four are.
        Assert.Equal(("3", "5"), (Assert.Single(all.Headers.GetValues("X-Total-Count")), Assert.Single(all.Headers.GetValues("X-Left-Out-Count"))));
        Assert.Equal(["0x1000", "0x2000"], (await all.Content.ReadFromJsonAsync<JsonElement>(Stop)).EnumerateArray().Select(block => block.GetProperty("address").GetString()));
        var one = Assert.Single((await RecordingFixture.GetAsync(restarted.Api, $"{id}/blocks?function=work&address=0x3005")).EnumerateArray());
        Assert.Equal(("0x3000", "work"), (one.GetProperty("address").GetString(), one.GetProperty("stack")[0].GetProperty("function").GetString()));
    }

    [Theory]
    [InlineData("address=12")]
    [InlineData("addressFrom=0x20&addressTo=0x10")]
    [InlineData("sort=random")]
    [InlineData("kind=stack")]
    [InlineData("node=main")]
    [InlineData("skip=99999&top=2")]
    [InlineData("top=0")]
    [InlineData("from=never")]
    public async Task Blocks_WhatIsNoQuestion_Is400(string query)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        Assert.NotEmpty(await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/blocks?{query}", Stop), HttpStatusCode.BadRequest));
        Assert.False(agent.HasMore);
    }

    [Theory]
    [InlineData("folded", "main;leak 100\nmain;work 20\n")]
    [InlineData("speedscope", null)]
    [InlineData("pprof", null)]
    public async Task Export_EachFormat_IsAFile(string format, string? expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        using var answer = await hub.Api.GetAsync($"/api/v1/recordings/{id}/export?format={format}", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("recording-77-", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Stop);
        Assert.NotEmpty(bytes);
        if (expected is not null)
        {
            Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(bytes));
        }
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/export?format=pdf", Stop), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Export_Complete_HasEveryInterval()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        for (var i = 0; i < 5; i++)
        {
            await stream.SendAsync(RecordedScript.Interval(i));
        }
        using var answer = await hub.Api.GetAsync($"/api/v1/recordings/{id}/export?format=wvmr", Stop);
        Assert.EndsWith(".wvmr", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        var read = RecordingFile.Read(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Stop))).ToList();
        Assert.Equal(Enumerable.Range(0, 5).Select(i => RecordingCodec.Encode(RecordedScript.Interval(i))), read.Select(RecordingCodec.Encode));
    }

    [Fact]
    public async Task Source_OfALine_IsWhatTheAgentReadsAndIsAudited()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub, source: true);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        var path = $"{id}/source?file={Uri.EscapeDataString("/src/leaky.c")}&line=10";
        var answer = RecordingFixture.GetAsync(hub.Api, path);
        var request = await agent.NextAsync(message => message.ReadSource);
        Assert.Equal((id, "/src/leaky.c", 10U), (request.RecordingId, request.File, request.Line));
        await agent.SendAsync(new AgentMessage { SourceRead = new SourceRead { RequestId = request.RequestId, FirstLine = 9, Lines = { "{", "  malloc(100);" }, TotalLines = 40, NewerThan = "/opt/demo/leaky" } });
        Assert.Equal("""{"file":"/src/leaky.c","line":10,"firstLine":9,"lines":["{","  malloc(100);"],"totalLines":40,"newerThan":"/opt/demo/leaky"}""", (await answer).GetRawText());
        var audit = await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/audit", Stop);
        Assert.Contains(audit.EnumerateArray(), entry => entry.GetProperty("action").GetString() == "source read" && entry.GetRawText().Contains("/src/leaky.c:10 on alpha", StringComparison.Ordinal));

        var refused = hub.Api.GetAsync($"/api/v1/recordings/{path}", Stop);
        request = await agent.NextAsync(message => message.ReadSource);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = FailureCode.NotFound, Message = "There is no file /src/leaky.c." } });
        Assert.Equal("There is no file /src/leaky.c.", await RecordingFixture.ProblemAsync(refused, HttpStatusCode.NotFound));
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/source?file=x", Stop), HttpStatusCode.BadRequest);
        await RecordingFixture.ProblemAsync(hub.Api.GetAsync("/api/v1/recordings/none/source?file=x&line=1", Stop), HttpStatusCode.NotFound);
        Assert.False(agent.HasMore);
    }

    [Fact]
    public async Task Source_NotPermittedOrAgentAway_SaysSoAndNobodyIsAsked()
    {
        await using var hub = await TestHub.StartAsync();
        string id;
        await using (var agent = await RecordingFixture.AgentAsync(hub))
        {
            id = await RecordingFixture.StartAsync(hub.Api, agent);
            var detail = await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/source?file=/src/leaky.c&line=10", Stop), HttpStatusCode.Forbidden);
            Assert.Contains("--allow-source", detail, StringComparison.Ordinal);
            Assert.False(agent.HasMore);
        }
        await Signal.When(hub.Get<IHostDirectory>().Subscribe, () => hub.Get<IHostDirectory>().Find("alpha") is { Online: false });
        var away = await RecordingFixture.ProblemAsync(hub.Api.GetAsync($"/api/v1/recordings/{id}/source?file=/src/leaky.c&line=10", Stop), HttpStatusCode.Conflict);
        Assert.Contains("alpha", away, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NotPermitted_Is403AndTheAgentIsNotAsked()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var detail = await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/recordings", new { pid = 1 }, Stop), HttpStatusCode.Forbidden);
        Assert.Contains("--allow-recording", detail, StringComparison.Ordinal);
        Assert.False(agent.HasMore);
        Assert.Empty((await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Stop)).EnumerateArray());
    }

    [Theory]
    [InlineData(FailureCode.Denied, HttpStatusCode.Forbidden)]
    [InlineData(FailureCode.Gone, HttpStatusCode.NotFound)]
    [InlineData(FailureCode.Failed, HttpStatusCode.BadGateway)]
    public async Task Start_AgentCannot_SaysWhyAndKeepsTheAttempt(FailureCode code, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var answer = hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/recordings", new { pid = 42, startStamp = "4711", mode = "sampled", sampleBytes = 4096 }, Stop);
        var request = await agent.NextAsync(message => message.StartRecording);
        Assert.Equal((42, 4711L, RecordingMode.Sampled, 4096L), (request.Process.Pid, request.Process.StartStamp, request.Mode, request.SampleBytes));
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = code, Message = "This is why." } });
        Assert.Equal("This is why.", await RecordingFixture.ProblemAsync(answer, expected));
        var failed = await RecordingFixture.GetAsync(hub.Api, request.RecordingId);
        Assert.Equal(("failed", "This is why."), (failed.GetProperty("state").GetString(), failed.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"pid":1,"command":["x"]}""")]
    [InlineData("""{"pid":0}""")]
    [InlineData("""{"command":[]}""")]
    [InlineData("""{"command":["x"],"startStamp":"7"}""")]
    [InlineData("""{"pid":1,"startStamp":"x"}""")]
    [InlineData("""{"command":[""]}""")]
    [InlineData("""{"command":["x",null]}""")]
    [InlineData("""{"pid":1,"workingDirectory":"/"}""")]
    [InlineData("""{"command":["x"],"environment":{"A=B":"c"}}""")]
    [InlineData("""{"pid":1,"mode":"fast"}""")]
    [InlineData("""{"pid":1,"sampleBytes":5}""")]
    public async Task Start_WhatIsNoRecording_Is422(string body)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.NotEmpty(await RecordingFixture.ProblemAsync(hub.Api.PostAsync("/api/v1/hosts/alpha/recordings", content, Stop), HttpStatusCode.UnprocessableEntity));
        Assert.False(agent.HasMore);
    }

    [Fact]
    public async Task Start_OfAProcessThatRuns_TellsItsProgram()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var answer = hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/recordings", new { pid = 412 }, Stop);
        var request = await agent.NextAsync(message => message.StartRecording);
        await agent.SendAsync(new AgentMessage
        {
            RecordingStarted = new RecordingStarted
            {
                RequestId = request.RequestId,
                RecordingId = request.RecordingId,
                Pid = 412,
                StartStamp = 99,
                Process = new ProcessRow { Pid = 412, StartStamp = 99, Name = "redis-server", CommandLine = "/usr/bin/redis-server *:6379" },
            },
        });
        using var started = await answer;
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var recording = await RecordingFixture.GetAsync(hub.Api, request.RecordingId);
        Assert.Equal(
            ("redis-server", "/usr/bin/redis-server *:6379", false),
            (recording.GetProperty("program").GetString(), recording.GetProperty("command").GetString(), recording.GetProperty("launched").GetBoolean()));
        Assert.Contains("launched itself", await RecordingFixture.ProblemAsync(
            hub.Api.PostAsJsonAsync($"/api/v1/recordings/{request.RecordingId}/stop", new { endProgram = true }, Stop), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        Assert.False(agent.HasMore);
    }

    [Fact]
    public async Task Stop_WithTheProgram_AsksTheAgentThatLaunchedItAndIsAudited()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        var stopping = hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/stop", new { endProgram = true }, Stop);
        var request = await agent.NextAsync(message => message.StopRecording);
        Assert.Equal((id, true), (request.RecordingId, request.EndProgram));
        await stream.EndAsync();
        using (var stopped = await stopping)
        {
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        }
        var audit = await hub.Get<AuditLog>().ListAsync(1, Stop);
        Assert.Equal((AuditActions.ProgramEnded, id), (audit[0].Action, audit[0].Target));
        Assert.StartsWith("process 77: /opt/demo/leaky --fast on alpha", audit[0].Details, StringComparison.Ordinal);
        // What has ended is not the agent's any more.
        await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/stop", new { endProgram = true }, Stop), HttpStatusCode.UnprocessableEntity);
        using var again = await hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, Stop);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Change_NameNoteAndPin_ChangesWhatIsGivenAndNothingElse()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var all = await hub.Api.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { name = " before ", note = "the slow one" }, Stop);
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        using var pinned = await hub.Api.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { pinned = true }, Stop);
        var now = await pinned.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(
            ("before", "the slow one", true, "leaky", "running"),
            (now.GetProperty("name").GetString(), now.GetProperty("note").GetString(), now.GetProperty("pinned").GetBoolean(), now.GetProperty("program").GetString(), now.GetProperty("state").GetString()));
        Assert.Contains("200", await RecordingFixture.ProblemAsync(
            hub.Api.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { name = new string('x', 201) }, Stop), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        await RecordingFixture.ProblemAsync(hub.Api.PatchAsJsonAsync("/api/v1/recordings/none", new { pinned = true }, Stop), HttpStatusCode.NotFound);
        Assert.Equal("before", (await RecordingFixture.GetAsync(hub.Api, id)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Delete_OneThatRuns_Is409AndAfterItsEndItIsGone()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        Assert.Contains("stop it first", await RecordingFixture.ProblemAsync(hub.Api.DeleteAsync($"/api/v1/recordings/{id}", Stop), HttpStatusCode.Conflict), StringComparison.Ordinal);
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, id, recording => recording.HasEnded);
        using (var deleted = await hub.Api.DeleteAsync($"/api/v1/recordings/{id}", Stop))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }
        foreach (var path in new[] { "", "/timeline", "/calltree", "/blocks", "/export?format=folded" })
        {
            await RecordingFixture.ProblemAsync(hub.Api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/recordings/{id}{path}"), Stop), HttpStatusCode.NotFound);
        }
        Assert.Equal(AuditActions.RecordingDeleted, (await hub.Get<AuditLog>().ListAsync(1, Stop))[0].Action);
    }
}
