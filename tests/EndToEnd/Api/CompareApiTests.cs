using System.Globalization;
using System.Net;
using System.Text.Json;
using WebVmMap.Probes.Tests.Linux;

namespace WebVmMap.EndToEnd.Api;

/// <summary>A program that grows by known amounts, and what the API says of it: the C library's own figures are the truth.</summary>
public sealed class CompareApiTests(DemoSystem demo)
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Diff_OfAProcessThatGrew_SaysByHowMuchAndWhere()
    {
        using var target = TestTarget.Start("growing");
        var before = Told(target.Ask("leak 0 0"));
        var a = await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid);
        var grown = Told(target.Ask($"leak 8 {Mebibyte}")) - before;
        var loaded = Told(target.Ask("load libm.so.6"));
        var b = await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid);

        var diff = await demo.Api.GetJsonAsync($"/api/v1/snapshots/{a}/diff/{b}");
        Assert.Equal("address", diff.Text("matching"));
        Assert.InRange(grown, 8 * Mebibyte, 9 * Mebibyte);
        Assert.Equal(grown, Delta(diff, "Heap", "private"));
        Assert.Equal(loaded, Delta(diff, "Image", "size"));
        var regions = diff.GetProperty("regions").EnumerateArray().ToList();
        Assert.Equal(diff.GetProperty("matches").GetInt32(), regions.Count);
        var library = regions.Where(region => region.Text("change") == "added" && region.GetProperty("after").Text("details").Contains("libm.so.6", StringComparison.Ordinal)).ToList();
        Assert.Equal(loaded, library.Sum(region => region.GetProperty("delta").Bytes("size")));
        Assert.All(library, region => Assert.Equal(JsonValueKind.Null, region.GetProperty("before").ValueKind));
        foreach (var column in (string[])["size", "committed", "private", "totalWs", "privateWs", "shareableWs", "pss"])
        {
            foreach (var category in (string[])["Image", "Heap", "Stack", "Mapped File"])
            {
                Assert.Equal(Delta(diff, category, column), regions.Where(r => r.Text("category") == category).Sum(r => r.GetProperty("delta").Bytes(column)));
            }
        }
        // By growth, and nothing below the threshold.
        var large = await demo.Api.GetJsonAsync($"/api/v1/snapshots/{a}/diff/{b}?metric=private&minDelta={Mebibyte}");
        Assert.Equal(grown, large.GetProperty("regions").EnumerateArray().Sum(region => region.GetProperty("delta").Bytes("private")));
        // The other way around everything is the other way around.
        Assert.Equal(-grown, Delta(await demo.Api.GetJsonAsync($"/api/v1/snapshots/{b}/diff/{a}"), "Heap", "private"));
    }

    [Fact]
    public async Task Diff_OfTwoRuns_IsMatchedByIdentity()
    {
        using var first = TestTarget.Start("growing");
        using var second = TestTarget.Start("growing");
        var grown = Told(second.Ask($"leak 4 {Mebibyte}")) - Told(first.Ask("leak 0 0"));
        var a = await demo.Api.TakeSnapshotAsync(demo.HostId, first.Pid);
        var b = await demo.Api.TakeSnapshotAsync(demo.HostId, second.Pid);
        var diff = await demo.Api.GetJsonAsync($"/api/v1/snapshots/{a}/diff/{b}");
        Assert.Equal("identity", diff.Text("matching"));
        Assert.Equal(grown, Delta(diff, "Heap", "private"));
        Assert.DoesNotContain(diff.GetProperty("regions").EnumerateArray(), region => region.Text("category") == "Image" && region.Text("change") is "added" or "removed");
    }

    [Fact]
    public async Task Trend_OfALeakAndALoadedLibrary_RanksTheLeakFirstAndTheLibraryAsAStep()
    {
        using var target = TestTarget.Start("growing");
        var heap = new List<long> { Told(target.Ask("leak 0 0")) };
        var ids = new List<string> { await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid) };
        for (var interval = 0; interval < 6; interval++)
        {
            heap.Add(Told(target.Ask($"leak 2 {Mebibyte}")));
            if (interval == 3)
            {
                target.Ask("load libm.so.6");
            }
            ids.Add(await demo.Api.TakeSnapshotAsync(demo.HostId, target.Pid));
        }
        // In any order: the trend goes by the time.
        var trend = await demo.Api.GetJsonAsync($"/api/v1/snapshots/trend?ids={string.Join(',', ids.AsEnumerable().Reverse())}");
        Assert.Equal(ids, trend.GetProperty("snapshots").EnumerateArray().Select(snapshot => snapshot.Text("id")));
        var suspects = trend.GetProperty("suspects").EnumerateArray().ToList();
        var leak = suspects[0];
        Assert.Equal(("Heap", "mmapped chunks", "growing"), (leak.Text("category"), leak.Text("name"), leak.Text("kind")));
        Assert.Equal((6, 6), (leak.GetProperty("grewIn").GetInt32(), leak.GetProperty("intervals").GetInt32()));
        Assert.Equal(heap[^1] - heap[0], leak.Bytes("last") - leak.Bytes("first"));
        Assert.Equal(heap[^1] - heap[0], leak.GetProperty("regions").EnumerateArray().Sum(region => region.Bytes("last") - region.Bytes("first")));

        var times = trend.GetProperty("snapshots").EnumerateArray().Select(s => DateTimeOffset.Parse(s.Text("takenAt"), CultureInfo.InvariantCulture)).ToList();
        var rates = Enumerable.Range(1, 6).Select(i => (heap[i] - heap[i - 1]) / (times[i] - times[i - 1]).TotalHours).ToList();
        Assert.InRange(leak.GetProperty("bytesPerHour").GetDouble(), rates.Min(), rates.Max());

        var library = suspects.Single(suspect => suspect.Text("name") == "libm.so.#");
        Assert.Equal(("step", 1), (library.Text("kind"), library.GetProperty("grewIn").GetInt32()));
        Assert.All(suspects.Skip(1), suspect => Assert.NotEqual("growing", suspect.Text("kind")));
        // The process names the same snapshots.
        var whole = await demo.Api.GetJsonAsync($"/api/v1/snapshots/trend?host={demo.HostId}&pid={target.Pid}&startTime={trend.GetProperty("process").Text("startTime")}");
        Assert.Equal(suspects.Select(s => s.Text("name")), whole.GetProperty("suspects").EnumerateArray().Select(s => s.Text("name")));
        using var few = await demo.Api.GetAsync($"/api/v1/snapshots/trend?ids={ids[0]},{ids[1]}", TestContext.Current.CancellationToken);
        Assert.Contains("at least 4", await few.ProblemAsync(HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
    }

    private static long Told(string[] answer) => long.Parse(answer[1], CultureInfo.InvariantCulture);

    private static long Delta(JsonElement diff, string category, string column) => diff.GetProperty("summary").EnumerateArray()
        .Single(row => row.Text("category") == category).GetProperty("delta").Bytes(column);
}
