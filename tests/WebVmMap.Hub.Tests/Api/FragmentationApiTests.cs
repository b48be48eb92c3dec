using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class FragmentationApiTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_WithHistory_TellsTheLargestFreeBlockOfEachSnapshotOfThatLife()
    {
        await using var hub = await TestHub.StartAsync();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        var store = hub.Get<ISnapshotStore>();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await store.AddAsync(TestSnapshots.Of(allocations: 10 * (i + 1), at: at.AddMinutes(i)), "alpha", "Alpha", "", Stop)).Id);
        }
        await store.AddAsync(TestSnapshots.Of(start: 78, at: at.AddMinutes(9)), "alpha", "Alpha", "", Stop);

        var report = await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{ids[1]}/fragmentation?history=2", Stop);

        var summary = (await hub.Api.GetFromJsonAsync<JsonElement>($"/api/v1/snapshots/{ids[1]}", Stop)).GetProperty("summary").EnumerateArray()
            .Single(row => row.GetProperty("category").GetString() == "Free");
        Assert.Equal(
            (summary.GetProperty("size").GetInt64(), summary.GetProperty("blocks").GetInt32(), summary.GetProperty("largest").GetInt64()),
            (report.GetProperty("freeBytes").GetInt64(), report.GetProperty("freeBlocks").GetInt32(), report.GetProperty("largestFree").GetInt64()));
        Assert.Equal(summary.GetProperty("size").GetInt64(), report.GetProperty("freeBySize").EnumerateArray().Sum(sizes => sizes.GetProperty("bytes").GetInt64()));
        Assert.Equal([ids[1], ids[2]], report.GetProperty("history").EnumerateArray().Select(moment => moment.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("nothere/fragmentation", HttpStatusCode.NotFound)]
    [InlineData("nothere/fragmentation?history=51", HttpStatusCode.BadRequest)]
    public async Task Get_Wrong_IsAProblem(string path, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        using var answer = await hub.Api.GetAsync($"/api/v1/snapshots/{path}", Stop);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
