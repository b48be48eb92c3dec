using System.Globalization;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.EndToEnd.Api;

public sealed class SnapshotsApiTests(DemoSystem demo)
{
    [Fact]
    public async Task Snapshot_Taken_TellsWhatItIs()
    {
        using var target = Target.Idle();
        var before = DateTimeOffset.UtcNow;
        var id = await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid, "before the load");
        var snapshot = await demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}");
        Assert.Equal(id, snapshot.Text("id"));
        Assert.Equal(demo.HostId, snapshot.Text("host"));
        Assert.Equal("before the load", snapshot.Text("label"));
        var process = snapshot.GetProperty("process");
        Assert.Equal((target.Pid, "cat", "cat"), (process.GetProperty("pid").GetInt32(), process.Text("name"), process.Text("commandLine")));
        Assert.InRange(DateTimeOffset.Parse(snapshot.Text("takenAt"), CultureInfo.InvariantCulture), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.True(snapshot.GetProperty("cost").GetProperty("elapsedMs").GetDouble() > 0);
    }

    [Fact]
    public async Task Snapshots_OfOneProcess_AreListedNewestFirstAndPaged()
    {
        using var target = Target.Idle();
        var ids = new List<string>();
        foreach (var label in (string[])["one", "two", "three"])
        {
            ids.Insert(0, await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid, label));
        }
        var path = $"/api/v1/snapshots?host={demo.HostId}&pid={target.Pid}&name=cat";
        Assert.Equal(ids, (await demo.Api.GetJsonAsync(path)).EnumerateArray().Select(s => s.Text("id")));

        using var first = await demo.Api.GetAsync($"{path}&take=2", TestContext.Current.CancellationToken);
        var link = Assert.Single(first.Headers.GetValues("Link"));
        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        var rest = await demo.Api.GetJsonAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal(ids[2], Assert.Single(rest.EnumerateArray()).Text("id"));
        Assert.Empty((await demo.Api.GetJsonAsync($"{path}&host=nowhere")).EnumerateArray());
    }

    [Fact]
    public async Task Regions_CategoryAndFilter_KeepWhatMatches()
    {
        using var target = Target.Idle();
        var path = $"/api/v1/snapshots/{await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid)}/regions";
        var images = (await demo.Api.GetJsonAsync($"{path}?category=Image")).EnumerateArray().ToList();
        Assert.Contains(images, image => image.Text("details").EndsWith("/cat", StringComparison.Ordinal));
        Assert.All(images, image => Assert.Equal("Image", image.Text("category")));
        var code = (await demo.Api.GetJsonAsync($"{path}?q=cat:image%20prot:x%20libc")).EnumerateArray().ToList();
        Assert.Contains("libc", Assert.Single(code).Text("details"), StringComparison.Ordinal);
        Assert.All(code, image => Assert.Contains("x", image.Text("protection"), StringComparison.Ordinal));
        Assert.Empty((await demo.Api.GetJsonAsync($"{path}?q=nothing-is-called-so")).EnumerateArray());
    }

    [Fact]
    public async Task Export_EveryFormat_HoldsTheSameFigures()
    {
        using var target = Target.Idle();
        var id = await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid);
        var total = (await demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}")).GetProperty("total");

        var binary = SnapshotCodec.Decode(await demo.Api.GetByteArrayAsync($"/api/v1/snapshots/{id}/export?format=wvm", TestContext.Current.CancellationToken));
        Assert.Equal((target.Pid, total.Bytes("totalWs"), total.Bytes("committed")), (binary.Process.Key.Pid, binary.Summary.Total.TotalWs, binary.Summary.Total.Committed));

        var json = await demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}/export?format=json");
        Assert.Equal(total.Bytes("totalWs"), json.GetProperty("total").Bytes("totalWs"));

        using var csv = await demo.Api.GetAsync($"/api/v1/snapshots/{id}/export?format=csv", TestContext.Current.CancellationToken);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Matches($@"^cat-{target.Pid}-\d{{8}}-\d{{6}}\.csv$", csv.Content.Headers.ContentDisposition?.FileName?.Trim('"') ?? "");
        Assert.Contains("/cat", await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
