using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class DiffApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_Diff_HasTheFieldsOfTheContract()
    {
        await using var hub = await TestHub.StartAsync();
        var (a, b) = (await AddAsync(hub, TestSnapshots.Of(allocations: 4)), await AddAsync(hub, TestSnapshots.Of(allocations: 6, resident: 4096)));
        var diff = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{a}/diff/{b}?sort=place", Stop);
        Assert.Equal((a, b, "address"), (diff.GetProperty("before").GetProperty("id").GetString(), diff.GetProperty("after").GetProperty("id").GetString(), diff.GetProperty("matching").GetString()));
        var heap = diff.GetProperty("summary").EnumerateArray().Single(row => row.GetProperty("category").GetString() == "Heap");
        Assert.Equal((4L, 6L, 2L), (heap.GetProperty("before").GetProperty("blocks").GetInt64(), heap.GetProperty("after").GetProperty("blocks").GetInt64(), heap.GetProperty("delta").GetProperty("blocks").GetInt64()));
        Assert.Equal(2L * TestSnapshots.PageBytes, heap.GetProperty("delta").GetProperty("private").GetInt64());
        var regions = diff.GetProperty("regions").EnumerateArray().ToList();
        Assert.Equal(["changed", "added", "added", "added", "added"], regions.Select(region => region.GetProperty("change").GetString()));
        Assert.Equal(["residency"], regions[0].GetProperty("aspects").EnumerateArray().Select(aspect => aspect.GetString()));
        Assert.Equal(4096, regions[0].GetProperty("after").GetProperty("privateWs").GetInt64() - regions[0].GetProperty("before").GetProperty("privateWs").GetInt64());
        Assert.Equal(JsonValueKind.Null, regions[1].GetProperty("before").ValueKind);
        Assert.Equal(4, diff.GetProperty("counts").GetProperty("added").GetInt32());
        Assert.Equal(4L * TestSnapshots.PageBytes, diff.GetProperty("total").GetProperty("delta").GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Get_Diff_LeadsToEveryPage()
    {
        await using var hub = await TestHub.StartAsync();
        var (a, b) = (await AddAsync(hub, TestSnapshots.Of(allocations: 0)), await AddAsync(hub, TestSnapshots.Of(allocations: 6)));
        var seen = new List<string?>();
        var pages = 0;
        for (var path = $"/api/v1/snapshots/{a}/diff/{b}?take=5&metric=committed&minDelta=1"; path is not null; pages++)
        {
            using var answer = await hub.Api.GetAsync(path, Stop);
            var diff = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
            Assert.Equal(12, diff.GetProperty("matches").GetInt32());
            seen.AddRange(diff.GetProperty("regions").EnumerateArray().Select(region => region.GetProperty("address").GetString()));
            path = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }
        Assert.Equal((3, 12), (pages, seen.Distinct().Count()));
    }

    [Theory]
    [InlineData("metric=bytes", "privateWs")]
    [InlineData("sort=up", "growth")]
    [InlineData("change=same", "not listed")]
    [InlineData("change=2", "added")]
    [InlineData("category=Heaps", "Private Data")]
    [InlineData("minDelta=-1", "0 or more")]
    [InlineData("take=10001", "10000")]
    public async Task Get_DiffByWrongParameter_SaysWhatThereIs(string query, string said)
    {
        await using var hub = await TestHub.StartAsync();
        var a = await AddAsync(hub, TestSnapshots.Of());
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/{a}/diff/{a}?{query}", Stop);
        await AssertProblemAsync(HttpStatusCode.BadRequest, said, answer);
    }

    [Fact]
    public async Task Get_DiffThatCannotBe_IsAProblem()
    {
        await using var hub = await TestHub.StartAsync();
        var linux = TestSnapshots.Of();
        var windows = new Snapshot(linux.Regions, linux.Bounds) { Platform = HostPlatform.Windows, Process = linux.Process, TakenAt = linux.TakenAt };
        var (a, b) = (await AddAsync(hub, linux), await AddAsync(hub, windows));
        foreach (var ending in (string[])["", "/export?format=csv"])
        {
            using var refused = await hub.Api.GetAsync($"/api/v1/snapshots/{a}/diff/{b}{ending}", Stop);
            await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, "cannot be compared", refused);
            using var missing = await hub.Api.GetAsync($"/api/v1/snapshots/{a}/diff/nothere{ending}", Stop);
            await AssertProblemAsync(HttpStatusCode.NotFound, "There is no snapshot", missing);
        }
        using var format = await hub.Api.GetAsync($"/api/v1/snapshots/{a}/diff/{a}/export?format=xls", Stop);
        await AssertProblemAsync(HttpStatusCode.BadRequest, "csv, json", format);
    }

    [Fact]
    public async Task Export_JsonAndCsv_HoldWhatTheApiSays()
    {
        await using var hub = await TestHub.StartAsync();
        var (a, b) = (await AddAsync(hub, TestSnapshots.Of(allocations: 4)), await AddAsync(hub, TestSnapshots.Of(allocations: 6)));
        var answer = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{a}/diff/{b}", Stop);
        var json = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{a}/diff/{b}/export?format=json", Stop);
        Assert.True(JsonElement.DeepEquals(answer, json));
        using var csv = await hub.Api.GetAsync($"/api/v1/snapshots/{a}/diff/{b}/export?format=csv", Stop);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.EndsWith(".csv", csv.Content.Headers.ContentDisposition?.FileName?.Trim('"'), StringComparison.Ordinal);
        var lines = (await csv.Content.ReadAsStringAsync(Stop)).Split("\r\n");
        Assert.Equal(4, lines.Count(line => line.StartsWith("\"Added\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest, "Give either")]
    [InlineData("host=alpha", HttpStatusCode.BadRequest, "Give either")]
    [InlineData("ids=x&host=alpha&pid=1", HttpStatusCode.BadRequest, "Give either")]
    [InlineData("ids=nothere", HttpStatusCode.NotFound, "nothere")]
    [InlineData("host=alpha&pid=1", HttpStatusCode.UnprocessableEntity, "there are 0")]
    [InlineData("host=alpha&pid=1&startTime=noon", HttpStatusCode.BadRequest, "ISO 8601")]
    [InlineData("host=alpha&pid=1&metric=9", HttpStatusCode.BadRequest, "privateWs")]
    public async Task Get_TrendThatCannotBe_IsAProblem(string query, HttpStatusCode expected, string said)
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/trend?{query}", Stop);
        await AssertProblemAsync(expected, said, answer);
    }

    [Fact]
    public async Task Get_TrendOfTwoProcesses_NamesSnapshotsThatDiffer()
    {
        await using var hub = await TestHub.StartAsync();
        var (a, b) = (await AddAsync(hub, TestSnapshots.Of(start: 1)), await AddAsync(hub, TestSnapshots.Of(start: 2)));
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/trend?ids={a},{b}", Stop);
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, b, answer);
    }

    [Fact]
    public async Task Get_TrendOfMoreSnapshotsThanAreLookedAt_TakesThemEvenlyAndSaysSo()
    {
        await using var hub = await TestHub.StartAsync();
        const int Available = ISnapshotTrends.MaximumSnapshots + 100;
        var ids = new List<string>();
        for (var i = 0; i < Available; i++)
        {
            ids.Add(await AddAsync(hub, TestSnapshots.Of(allocations: 2 + (2 * i), at: DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000 + (i * 60_000L)))));
        }
        var trend = await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/snapshots/trend?host=alpha&pid=42", Stop);
        var looked = trend.GetProperty("snapshots").EnumerateArray().Select(snapshot => snapshot.GetProperty("id").GetString()!).ToList();
        Assert.Equal((Available, ISnapshotTrends.MaximumSnapshots), (trend.GetProperty("available").GetInt32(), looked.Distinct().Count()));
        Assert.Equal((ids[0], ids[^1]), (looked[0], looked[^1]));
        Assert.Equal(looked.OrderBy(ids.IndexOf), looked);
        var heap = trend.GetProperty("suspects").EnumerateArray().Single(suspect => suspect.GetProperty("category").GetString() == "Heap");
        // A heap allocation of two pages each minute.
        Assert.Equal(("growing", 2.0 * TestSnapshots.PageBytes * 60), (heap.GetProperty("kind").GetString(), heap.GetProperty("bytesPerHour").GetDouble()));
    }

    private static async Task<string> AddAsync(TestHub hub, Snapshot snapshot) =>
        (await hub.Get<ISnapshotStore>().AddAsync(snapshot, "alpha", "Alpha", "", CancellationToken.None)).Id;

    private static async Task AssertProblemAsync(HttpStatusCode expected, string said, HttpResponseMessage answer)
    {
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(said, (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
