using System.Globalization;
using System.Text.Json;
using WebVmMap.Probes.Tests.Linux;

namespace WebVmMap.EndToEnd.Truth;

/// <summary>Every figure that the product shows of an idle process against what the test itself reads of /proc.</summary>
public sealed class FigureTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private static readonly Dictionary<string, string> s_heads = new()
    {
        ["size"] = "Size",
        ["reserved"] = "Reserved",
        ["committed"] = "Committed",
        ["private"] = "Private",
        ["totalWs"] = "Total WS",
        ["privateWs"] = "Private WS",
        ["shareableWs"] = "Shareable WS",
        ["lockedWs"] = "Locked WS",
        ["swap"] = "Swap",
        ["blocks"] = "Blocks",
    };

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("webvmmap-e2e-target-");
    private TestTarget? _target;

    public void Dispose()
    {
        _target?.Dispose();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task Totals_IdleProcess_EqualSmapsAndStatus()
    {
        var pid = StartTarget();
        var records = SmapsRecord.Read(pid);
        var id = await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid);
        Assert.Equal(records.Select(Resident), SmapsRecord.Read(pid).Select(Resident)); // it was idle indeed

        var snapshot = await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}");
        var total = snapshot.GetProperty("total");
        foreach (var (name, expected) in Expected.Totals(pid, records))
        {
            Assert.True(total.Bytes(name) == expected, $"{name}: /proc says {expected}, the API {total.Bytes(name)}");
        }
        // The kernel's own sums, by two other ways.
        var rollup = SmapsRecord.ReadFields(pid, "smaps_rollup");
        Assert.Equal(rollup["Rss"], total.Bytes("totalWs"));
        Assert.Equal(rollup["Anonymous"], total.Bytes("privateWs"));
        var status = SmapsRecord.ReadFields(pid, "status");
        Assert.Equal(status["VmSize"], records.Where(r => r.Name != "[vsyscall]").Sum(r => r.Size));
        Assert.Equal(status["VmPTE"], Category(snapshot, "Page Table").Bytes("committed"));
        // What the target itself knows: 1 GiB of reserve, and a megabyte in /dev/shm.
        Assert.True(total.Bytes("reserved") >= 1L << 30);
        Assert.True(Category(snapshot, "Shareable").Bytes("totalWs") >= 1L << 20);
    }

    [Fact]
    public async Task Summary_EveryColumn_AddsUpToTotal()
    {
        var snapshot = await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{await Demo.Api.TakeSnapshotAsync(Demo.HostId, StartTarget())}");
        var total = snapshot.GetProperty("total");
        foreach (var name in s_heads.Keys.Append("pss").Append("sharedWs"))
        {
            Assert.Equal(total.Bytes(name), snapshot.GetProperty("summary").EnumerateArray().Where(row => row.Text("category") != "Free").Sum(row => row.Bytes(name)));
        }
        Assert.Equal(total.Bytes("totalWs"), total.Bytes("privateWs") + total.Bytes("shareableWs"));
    }

    [Fact]
    public async Task Regions_IdleProcess_AreTheMappings()
    {
        var pid = StartTarget();
        var records = SmapsRecord.Read(pid);
        var id = await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid);
        var allocations = (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}/regions")).EnumerateArray().Where(a => a.Text("category") is not "Free").ToList();
        var blocks = allocations
            .SelectMany(a => a.GetProperty("children").GetArrayLength() > 0 ? a.GetProperty("children").EnumerateArray().ToList() : [a])
            .OrderBy(Address).ToList();

        Assert.Equal(records.Select(r => (r.Start, r.Size)), blocks.Select(b => (Address(b), b.Bytes("size"))));
        Assert.Equal(records.Select(r => r.Access[..3].Replace("-", "", StringComparison.Ordinal)), blocks.Select(b => Letters(b.Text("protection"))));
        Assert.Equal(records.Select(Resident), blocks.Select(b => (b.Bytes("totalWs"), b.Bytes("privateWs"))));
        // Libraries are shared with whatever else runs; all else is the target's and its child's alone.
        var own = Enumerable.Range(0, records.Count).Where(i => !records[i].Name.Contains(".so", StringComparison.Ordinal)).ToList();
        Assert.Equal(own.Select(i => (records[i].SharedWs, records[i].Fields["Pss"])), own.Select(i => (blocks[i].Bytes("sharedWs"), blocks[i].Bytes("pss"))));
        foreach (var allocation in allocations.Where(a => a.GetProperty("children").GetArrayLength() > 0))
        {
            var children = allocation.GetProperty("children").EnumerateArray().ToList();
            Assert.Equal(allocation.Bytes("totalWs"), children.Sum(c => c.Bytes("totalWs")));
            Assert.Equal(allocation.Bytes("committed"), children.Sum(c => c.Bytes("committed")));
        }
    }

    [Fact]
    public async Task SnapshotPage_ShowsTheFiguresOfTheApi()
    {
        var id = await Demo.Api.TakeSnapshotAsync(Demo.HostId, StartTarget());
        var snapshot = await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}");
        var page = new WorkbenchPage(await OpenAsync($"/snapshots/{id}"));
        await page.ShowsAPictureAsync();
        foreach (var row in snapshot.GetProperty("summary").EnumerateArray().Append(snapshot.GetProperty("total")))
        {
            var shown = await page.FiguresAsync(row.Text("category"));
            foreach (var (name, head) in s_heads)
            {
                Assert.True(row.Bytes(name) == shown[head], $"{row.Text("category")}, {head}: the API says {row.Bytes(name)}, the page {shown[head]}");
            }
        }
    }

    [Fact]
    public async Task LivePage_IdleProcess_ShowsTheFiguresOfProc()
    {
        var pid = StartTarget();
        var page = await OpenProcessAsync(pid);
        var shown = await page.FiguresAsync("Total");
        foreach (var (name, expected) in Expected.Totals(pid, SmapsRecord.Read(pid)))
        {
            Assert.True(shown[s_heads[name]] == expected, $"{name}: /proc says {expected}, the page {shown[s_heads[name]]}");
        }
        // The three bars tell the same sums.
        foreach (var (bar, head) in new[] { ("Committed", "Committed"), ("Private", "Private"), ("Working set", "Total WS") })
        {
            var total = page.Overview.Locator(".bar-row", new() { HasText = bar }).Locator(".bar-total");
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{shown[head]:N0} bytes"), await total.GetAttributeAsync("title"));
        }
    }

    private int StartTarget()
    {
        _target = TestTarget.Start("regions", _files.FullName);
        Idleness.AwaitRest(_target.Pid);
        return _target.Pid;
    }

    private static (long TotalWs, long PrivateWs) Resident(SmapsRecord record) => (record.TotalWs, record.PrivateWs);

    private static JsonElement Category(JsonElement snapshot, string name) =>
        snapshot.GetProperty("summary").EnumerateArray().Single(row => row.Text("category") == name);

    private static ulong Address(JsonElement block) => ulong.Parse(block.Text("address").AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Letters(string protection) => string.Concat(protection.Where(c => c is 'r' or 'w' or 'x'));
}
