using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using WebVmMap.Probes.Tests.Linux;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Truth;

/// <summary>The fragmentation that the product tells of a program that breaks its own address space up, and proves what is left in one piece.</summary>
public sealed class FragmentationTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private const ulong UserEnd = 0x7ffffffff000;

    private readonly TestTarget _target = TestTarget.Start("fragmented");

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Report_FragmentedProcess_IsWhatItKnowsAndWhatTheKernelLists()
    {
        var proved = long.Parse(_target.Ask("show")[2], CultureInfo.InvariantCulture);
        var id = await Demo.Api.TakeSnapshotAsync(Demo.HostId, _target.Pid);
        var report = await ReportAsync(id);

        var gaps = Gaps();
        Assert.Equal(
            (gaps.Sum(gap => gap.Size), gaps.Count, gaps.Max(gap => gap.Size)),
            (report.Bytes("freeBytes"), report.GetProperty("freeBlocks").GetInt32(), report.Bytes("largestFree")));
        Assert.Equal(proved, report.Bytes("largestFree"));
        Assert.Equal(0, report.Bytes("unusableBytes"));
        foreach (var sizes in report.GetProperty("freeBySize").EnumerateArray())
        {
            var to = sizes.TryGetProperty("to", out var end) ? end.GetInt64() : long.MaxValue;
            var within = gaps.Where(gap => gap.Size >= sizes.Bytes("from") && gap.Size < to).ToList();
            Assert.Equal((within.Count, within.Sum(gap => gap.Size)), (sizes.GetProperty("blocks").GetInt32(), sizes.Bytes("bytes")));
        }
        // Every gap that it has left lies there as a free block of that size.
        var free = (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}/regions?category=Free")).EnumerateArray().ToDictionary(block => block.Text("address"), block => block.Bytes("size"));
        var left = _target.Facts.Where(fact => fact[0] == "gap").ToList();
        Assert.Equal(39, left.Count);
        Assert.All(left, gap => Assert.Equal(long.Parse(gap[2], CultureInfo.InvariantCulture), free[$"0x{Address(gap[1]):x}"]));
    }

    [Fact]
    public async Task History_LargestBlockHalvedTwice_IsToldByTheApiAndOnBothPages()
    {
        var (ids, proved) = (new List<string>(), new List<long>());
        foreach (var order in (string[])["show", "halve", "halve"])
        {
            proved.Add(long.Parse(_target.Ask(order)[2], CultureInfo.InvariantCulture));
            ids.Add(await Demo.Api.TakeSnapshotAsync(Demo.HostId, _target.Pid, order));
        }
        Assert.True(proved[1] < proved[0]);

        var history = (await ReportAsync(ids[0], "?history=50")).GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(ids.Zip(proved), history.Select(moment => (moment.Text("id"), moment.Bytes("largestFree"))));

        var snapshot = await OpenAsync($"/snapshots/{ids[1]}");
        await snapshot.GetByRole(AriaRole.Button, new() { NameRegex = new("^largest free ") }).ClickAsync();
        Assert.Equal(Enumerable.Reverse(proved), await LargestAsync(snapshot, 3));
        await Expect(Moments(snapshot).Locator("tr[aria-current]")).ToContainTextAsync("UTC");

        // The present is one moment more, and moves with the process.
        var live = (await OpenProcessAsync(_target.Pid)).Page;
        await live.GetByRole(AriaRole.Button, new() { NameRegex = new("^largest free ") }).ClickAsync();
        Assert.Equal([proved[2], .. Enumerable.Reverse(proved)], await LargestAsync(live, 4));
        await Expect(live.Locator(".fragmentation-lines polyline")).ToHaveCountAsync(2);
        var now = long.Parse(_target.Ask("halve")[2], CultureInfo.InvariantCulture);
        await Expect(Moments(live).Locator("tbody tr").First.Locator("td").First)
            .ToHaveAttributeAsync("title", string.Create(CultureInfo.InvariantCulture, $"{now:N0} bytes"));
        await Expect(Moments(live).Locator("tbody th").First).ToHaveTextAsync("now");
    }

    private static ILocator Moments(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Fragmentation over time" });

    private static async Task<IEnumerable<long>> LargestAsync(IPage page, int count)
    {
        await Expect(Moments(page).Locator("tbody tr")).ToHaveCountAsync(count);
        var titles = await Moments(page).Locator("tbody td:nth-child(2)").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.title)");
        return titles.Select(title => long.Parse(title.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
    }

    private static ulong Address(string address) => ulong.Parse(address.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private async Task<JsonElement> ReportAsync(string id, string query = "") => await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}/fragmentation{query}");

    // From the lowest address that a program may have to the end of user space, what no mapping takes.
    private List<(ulong Start, long Size)> Gaps()
    {
        var gaps = new List<(ulong, long)>();
        var end = ulong.Parse(File.ReadAllText("/proc/sys/vm/mmap_min_addr"), CultureInfo.InvariantCulture);
        foreach (var (start, next) in SmapsRecord.Read(_target.Pid).Where(r => r.Start < UserEnd).Select(r => (r.Start, r.End)).Append((UserEnd, UserEnd)))
        {
            if (start > end)
            {
                gaps.Add((end, (long)(start - end)));
            }
            end = next;
        }
        return gaps;
    }
}
