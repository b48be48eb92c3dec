using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class SnapshotApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Snapshot_Is201WithLocation()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var answer = hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/processes/42/snapshots", new { label = "before" }, Stop);
        var request = await agent.NextAsync(message => message.TakeSnapshot);
        await agent.UploadAsync(request.RequestId, TestSnapshots.Of());
        using var created = await answer;
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var snapshot = await hub.Api.GetFromJsonAsync<JsonElement>(created.Headers.Location, Stop);
        Assert.Equal("before", snapshot.GetProperty("label").GetString());
        Assert.Equal("2027-01-15T08:00:00Z", snapshot.GetProperty("takenAt").GetString());
    }

    [Theory]
    [InlineData("nowhere", "{}", HttpStatusCode.NotFound)]
    [InlineData("alpha", "{}", HttpStatusCode.Conflict)]
    [InlineData("alpha", "{", HttpStatusCode.BadRequest)]
    [InlineData("alpha", "{\"label\":1}", HttpStatusCode.BadRequest)]
    public async Task Post_Snapshot_ThatCannotBe_IsAProblem(string host, string body, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        var agent = await hub.AgentAsync();
        var hosts = hub.Get<WebVmMap.Hub.Hosts.IHostDirectory>();
        await agent.DisposeAsync();
        await Signal.When(hosts.Subscribe, () => hosts.Find("alpha") is { Online: false });
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await hub.Api.PostAsync($"/api/v1/hosts/{host}/processes/42/snapshots", content, Stop);
        await AssertProblemAsync(expected, answer);
    }

    [Theory]
    [InlineData(FailureCode.NotFound, HttpStatusCode.NotFound)]
    [InlineData(FailureCode.Gone, HttpStatusCode.NotFound)]
    [InlineData(FailureCode.NoAddressSpace, HttpStatusCode.UnprocessableEntity)]
    [InlineData(FailureCode.Denied, HttpStatusCode.Forbidden)]
    [InlineData(FailureCode.Busy, HttpStatusCode.TooManyRequests)]
    [InlineData(FailureCode.Failed, HttpStatusCode.BadGateway)]
    public async Task Post_SnapshotThatTheAgentRefuses_IsAProblemWithItsReason(FailureCode code, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var answer = hub.Api.PostAsync("/api/v1/hosts/alpha/processes/42/snapshots", null, Stop);
        var request = await agent.NextAsync(message => message.TakeSnapshot);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = code, Message = "The reason." } });
        using var refused = await answer;
        var problem = await AssertProblemAsync(expected, refused);
        Assert.Equal("The reason.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Post_LabelTooLong_Is422()
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/processes/42/snapshots", new { label = new string('x', 201) }, Stop);
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, answer);
    }

    [Theory]
    [InlineData("/api/v1/snapshots/nothere", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/snapshots/nothere/regions", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/snapshots/nothere/export?format=csv", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/snapshots?take=501", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/snapshots?pid=x", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/hosts/nowhere/processes", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    public async Task Get_Wrong_IsAProblem(string path, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.GetAsync(path, Stop);
        await AssertProblemAsync(expected, answer);
    }

    [Fact]
    public async Task Get_Regions_AddUpToTheSummary()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, TestSnapshots.Of(allocations: 20, resident: 4096));
        var snapshot = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}", Stop);
        var heap = snapshot.GetProperty("summary").EnumerateArray().Single(row => row.GetProperty("category").GetString() == "Heap");
        var regions = (await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}/regions?category=heap", Stop)).EnumerateArray().ToList();
        Assert.Equal(10, regions.Count);
        foreach (var column in new[] { "size", "committed", "private", "totalWs", "privateWs", "shareableWs", "sharedWs", "lockedWs" })
        {
            Assert.Equal(heap.GetProperty(column).GetInt64(), regions.Sum(region => region.GetProperty(column).GetInt64()));
            Assert.All(regions, region => Assert.Equal(
                region.GetProperty(column).GetInt64(), region.GetProperty("children").EnumerateArray().Sum(block => block.GetProperty(column).GetInt64())));
        }
        Assert.Equal("0x500000000000", regions[0].GetProperty("address").GetString());
    }

    [Fact]
    public async Task Get_RegionsByFilter_ListsMatchingBlocksOnlyAndAddsThemUp()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, TestSnapshots.Of(allocations: 4));
        var regions = (await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}/regions?q={Uri.EscapeDataString("lib1.so prot:w")}", Stop)).EnumerateArray().ToList();
        var region = Assert.Single(regions);
        Assert.Equal(TestSnapshots.PageBytes, region.GetProperty("size").GetInt64());
        Assert.Equal("/usr/lib/lib1.so", region.GetProperty("details").GetString());
        Assert.Equal(0, region.GetProperty("children").GetArrayLength());
    }

    [Fact]
    public async Task Get_UnknownCategory_NamesThoseThereAre()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, TestSnapshots.Of());
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/{id}/regions?category=Heaps", Stop);
        var problem = await AssertProblemAsync(HttpStatusCode.BadRequest, answer);
        Assert.Contains("Private Data", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Wvm_DecodesToTheSame()
    {
        await using var hub = await TestHub.StartAsync();
        var snapshot = TestSnapshots.Of(allocations: 30);
        var id = await AddAsync(hub, snapshot);
        var data = await hub.Api.GetByteArrayAsync($"/api/v1/snapshots/{id}/export?format=wvm", Stop);
        Assert.Equal(SnapshotCodec.Encode(snapshot), SnapshotCodec.Encode(SnapshotCodec.Decode(data)));
    }

    [Fact]
    public async Task Export_Json_SaysWhatTheApiSays()
    {
        await using var hub = await TestHub.StartAsync();
        var id = await AddAsync(hub, TestSnapshots.Of(allocations: 6, resident: 4096));
        var file = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}/export?format=json", Stop);
        var answer = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}", Stop);
        foreach (var field in new[] { "id", "host", "platform", "takenAt", "label", "cost", "summary", "total", "notes" })
        {
            Assert.True(JsonElement.DeepEquals(answer.GetProperty(field), file.GetProperty(field)), field);
        }
        var regions = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{id}/regions", Stop);
        Assert.Equal(
            file.GetProperty("regions").EnumerateArray().Select(r => (r.GetProperty("address").GetString(), r.GetProperty("committed").GetInt64())),
            regions.EnumerateArray().Select(r => (r.GetProperty("address").GetString(), r.GetProperty("committed").GetInt64())));
    }

    [Fact]
    public async Task Get_List_LeadsToEveryPage()
    {
        await using var hub = await TestHub.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await AddAsync(hub, TestSnapshots.Of(at: DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000 + i)));
        }
        var seen = new List<string?>();
        var pages = 0;
        for (var path = "/api/v1/snapshots?take=2&name=vic"; path is not null; pages++)
        {
            using var answer = await hub.Api.GetAsync(path, Stop);
            seen.AddRange((await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            path = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }
        Assert.Equal((3, 5), (pages, seen.Distinct().Count()));
    }

    [Fact]
    public async Task Get_OpenApi_DescribesEveryCall()
    {
        await using var hub = await TestHub.StartAsync();
        var document = await hub.Api.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Stop);
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/v1/hosts/{host}/processes/{pid}/snapshots", paths);
        Assert.Contains("/api/v1/snapshots/{id}/export", paths);
        Assert.Contains("/api/v1/snapshots/{a}/diff/{b}", paths);
        Assert.Contains("/api/v1/snapshots/trend", paths);
        Assert.DoesNotContain("/login", paths);
    }

    [Fact]
    public async Task Get_HostsAndProcesses_TellWhatTheAgentTold()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync("Alpha");
        var host = (await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/hosts", Stop)).EnumerateArray().Single();
        Assert.Equal(("alpha", "online", "x64"), (host.GetProperty("id").GetString(), host.GetProperty("status").GetString(), host.GetProperty("architecture").GetString()));
        Assert.False(host.GetProperty("permits").GetProperty("recording").GetBoolean());
        var answer = hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/hosts/alpha/processes", Stop);
        await agent.AnswerListAsync(TestSnapshots.Process(), TestSnapshots.Process(pid: 43, name: "other"));
        Assert.Equal(["victim", "other"], (await answer).EnumerateArray().Select(process => process.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Get_ProcessesOfLyingAgent_EndsTheAgentWithOneStatus()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var answer = hub.Api.GetAsync("/api/v1/hosts/alpha/processes", Stop);
        var request = await agent.NextAsync(message => message.ListProcesses);
        await agent.SendAsync(new AgentMessage
        {
            ProcessList = new ProcessList { RequestId = request.RequestId, Complete = true, Processes = { new ProcessRow { Pid = -5, Name = "x" } } },
        });
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await agent.Ended).StatusCode);
        using var problem = await answer;
        await AssertProblemAsync(HttpStatusCode.BadGateway, problem);
    }

    private static async Task<string> AddAsync(TestHub hub, Snapshot snapshot) =>
        (await hub.Get<ISnapshotStore>().AddAsync(snapshot, "alpha", "Alpha", "", CancellationToken.None)).Id;

    private static async Task<JsonElement> AssertProblemAsync(HttpStatusCode expected, HttpResponseMessage answer)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.True(problem.GetProperty("detail").GetString()?.Length > 10);
        return problem;
    }
}
