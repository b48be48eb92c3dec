using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Components.ProcessList;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Pages;

public sealed class ListPagesTests : PagesContext
{
    [Fact]
    public void Hosts_None_TellsHowToConnectOne()
    {
        var page = Render<HostsPage>();
        Assert.Contains("webvmmap-agent run --hub http://localhost:81", page.Find(".command code").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Hosts_OnlyOne_TheWayToConnectAnotherStandsOpen(int hosts, bool open)
    {
        Hosts.Set(hosts == 1 ? [FakeHosts.Linux] : [FakeHosts.Linux, FakeHosts.Windows]);
        var connect = Render<HostsPage>().Find("details.connect-more");
        Assert.Equal(open, connect.HasAttribute("open"));
        Assert.Contains("webvmmap-hub agent-key create NAME", connect.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Hosts_OnlineAndOffline_SayHowTheyFareAndWhatLimitsThem()
    {
        Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);
        Lists.Set("load-test-07", Samples.Node);
        var page = Render<HostsPage>();
        var cards = page.FindAll("article");
        Assert.Contains("31.0 MiB resident · 0.1 % of one core", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Processes (1)", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("offline since 2026-11-22 14:10:00 UTC", cards[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("Install it as a service.", cards[1].TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, false, "snapshots only")]
    [InlineData(true, false, false, "snapshots, recordings")]
    [InlineData(false, false, true, "snapshots, emptying working sets")]
    [InlineData(true, true, true, "snapshots, recordings, memory contents, emptying working sets")]
    public void Hosts_OfWhatTheyPermit_NameAll(bool recording, bool contents, bool emptying, string expected)
    {
        Hosts.Set(FakeHosts.Linux with { PermitsRecording = recording, PermitsContents = contents, PermitsEmptyWorkingSet = emptying });
        Assert.Contains(expected, Render<HostsPage>().FindAll("dd").Select(fact => fact.TextContent));
    }

    [Fact]
    public void Hosts_AnotherConnects_ShowsUpByItself()
    {
        Hosts.Set(FakeHosts.Linux);
        var page = Render<HostsPage>();
        Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("article").Count));
    }

    [Fact]
    public void Processes_OfAllHosts_ListsEveryHostsAndSaysWhichIsOffline()
    {
        Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);
        Lists.Set("load-test-07", Samples.Node, Samples.Node with { Key = new ProcessKey(9, 9), Name = "bash", PrivateBytes = 1 });
        Lists.Set("build-win-3", Samples.Node with { Name = "old.exe", PrivateBytes = 50 });
        var page = Render<ProcessesPage>();
        Assert.Equal(["node", "old.exe", "bash"], page.FindAll(".process-link").Select(a => a.TextContent));
        Assert.Contains("BUILD-WIN-3 is offline", page.Find(".banner").TextContent, StringComparison.Ordinal);
        Assert.Equal("/hosts/load-test-07/processes/24711?start=8123456", page.Find(".process-link").GetAttribute("href"));
    }

    [Fact]
    public void Processes_Restricted_IsGreyedWithTheReason()
    {
        Hosts.Set(FakeHosts.Linux);
        Lists.Set("load-test-07", Samples.Node with { Limitation = "Another user's process: run the agent as root." });
        var page = Render<ProcessesPage>(p => p.Add(c => c.HostId, "load-test-07"));
        Assert.Contains("run the agent as root", page.Find(".dimmed .badge").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_NewList_IsShownAndAnErrorIsSaidBesideTheOldOne()
    {
        Hosts.Set(FakeHosts.Linux);
        var page = Render<ProcessesPage>(p => p.Add(c => c.HostId, "load-test-07"));
        Assert.Contains("Waiting for the first list", page.Markup, StringComparison.Ordinal);
        Lists.Set("load-test-07", new ProcessListState([Samples.Node], Samples.Noon, "The agent did not answer within 10 s."));
        page.WaitForAssertion(() => Assert.Contains("The agent did not answer", page.Find(".banner").TextContent, StringComparison.Ordinal));
        Assert.Single(page.FindAll(".process-link"));
    }

    [Fact]
    public async Task Processes_NewFiguresWhileTheListIsRead_KeepTheOrderUntilTheReaderLeaves()
    {
        var bash = Samples.Node with { Key = new ProcessKey(9, 9), Name = "bash", PrivateBytes = 1 };
        Hosts.Set(FakeHosts.Linux);
        Lists.Set("load-test-07", Samples.Node, bash);
        var page = Render<ProcessesPage>();
        var grid = page.FindComponent<TreeGrid<ProcessRow>>().Instance;
        await page.InvokeAsync(() => grid.OnReading.InvokeAsync(true));
        Lists.Set("load-test-07", Samples.Node, bash with { PrivateBytes = 1L << 40 });
        page.WaitForElement(".held-hint");
        Assert.Equal(["node", "bash"], page.FindAll(".process-link").Select(a => a.TextContent));
        await page.InvokeAsync(() => grid.OnReading.InvokeAsync(false));
        page.WaitForAssertion(() => Assert.Equal(["bash", "node"], page.FindAll(".process-link").Select(a => a.TextContent)));
        Assert.Empty(page.FindAll(".held-hint"));
    }

    [Fact]
    public void Processes_StateInTheAddress_IsApplied()
    {
        Hosts.Set(FakeHosts.Linux);
        Lists.Set("load-test-07", Samples.Node, Samples.Node with { Key = new ProcessKey(9, 9), Name = "bash", CommandLine = "bash" });
        Navigation.NavigateTo("/processes?q=bash&sort=name&tree=0");
        var page = Render<ProcessesPage>();
        Assert.Equal("bash", Assert.Single(page.FindAll(".process-link")).TextContent);
        Assert.Equal("ascending", page.FindAll("[role=columnheader]")[0].GetAttribute("aria-sort"));
        Assert.Equal("false", page.Find("[role=switch]").GetAttribute("aria-checked"));
    }

    [Fact]
    public async Task Processes_Leave_NobodyWatchesTheList()
    {
        Hosts.Set(FakeHosts.Linux);
        Render<ProcessesPage>();
        Assert.Equal(1, Lists.Watchers("load-test-07"));
        await DisposeComponentsAsync();
        Assert.Equal(0, Lists.Watchers("load-test-07"));
    }

    [Fact]
    public async Task Processes_RowClicked_OpensTheProcess()
    {
        Hosts.Set(FakeHosts.Linux);
        Lists.Set("load-test-07", Samples.Node);
        var page = Render<ProcessesPage>();
        await page.InvokeAsync(() => page.Find(".grid-body [role=row]").Click());
        Assert.EndsWith("/hosts/load-test-07/processes/24711?start=8123456", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_None_TellsHowToTakeOne() =>
        Assert.Contains("press Snapshot", Render<SnapshotsPage>().Find(".message").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task Snapshots_Kept_AreListedNewestFirstWithTheirTotals()
    {
        var first = await KeepAsync("first");
        var second = await KeepAsync("second");
        var rows = Render<SnapshotsPage>().FindAll("tbody tr");
        Assert.Equal([$"/snapshots/{second}", $"/snapshots/{first}"], rows.Select(r => r.QuerySelector("a")!.GetAttribute("href")));
        Assert.Contains(WebVmMap.Hub.Components.Text.ByteText.Rounded(Samples.Small().Summary.Total.Committed), rows[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_Kept_ShowsTheSameViewsWithoutTheLiveOnes()
    {
        var id = await KeepAsync("before the load test");
        Navigation.NavigateTo($"/snapshots/{id}");
        var page = Render<SnapshotPage>(p => p.Add(c => c.Id, id));
        Assert.Contains("before the load test", page.Find(".chip.label").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Treemap", "Address map"], page.FindAll("[role=tab]").Select(t => t.TextContent));
        Assert.Equal(5, page.FindAll(".details-grid .grid-body [role=row]").Count);
        Assert.Empty(page.FindAll(".strip"));
    }

    [Fact]
    public async Task Snapshot_FragmentationAsked_ShowsItOverTheSnapshotsOfThatLife()
    {
        var first = await KeepAsync("first");
        var id = await KeepAsync("second");
        var other = DiffSamples.Make(Samples.Noon, Samples.Node with { Key = new(Samples.Node.Key.Pid, 5) });
        await Store.AddAsync(other, "load-test-07", "load-test-07", "another life", TestContext.Current.CancellationToken);
        Navigation.NavigateTo($"/snapshots/{id}");
        var page = Render<SnapshotPage>(p => p.Add(c => c.Id, id));
        Assert.Empty(page.FindAll("#fragmentation table"));

        await page.InvokeAsync(() => page.Find("button[popovertarget=fragmentation]").Click());

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".fragmentation-lines polyline").Count));
        var rows = page.FindAll(".fragmentation-moments tbody tr");
        Assert.Equal(["2026-11-22 12:01:00 UTC", "2026-11-22 12:00:00 UTC"], rows.Select(row => row.QuerySelector("th")!.TextContent.Trim()));
        Assert.Equal([null, $"/snapshots/{first}"], rows.Select(row => row.QuerySelector("a")?.GetAttribute("href")));
        var largest = WebVmMap.Hub.Components.Text.ByteText.Exact(Samples.Small().Summary[WebVmMap.Core.Regions.RegionCategory.Free].Largest);
        Assert.All(rows, row => Assert.Equal(largest, row.QuerySelector("td")!.GetAttribute("title")));
    }

    [Fact]
    public void Snapshot_Unknown_SaysSo()
    {
        var page = Render<SnapshotPage>(p => p.Add(c => c.Id, "nothing"));
        Assert.Contains("There is no snapshot", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private async Task<string> KeepAsync(string label) =>
        (await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", label, TestContext.Current.CancellationToken)).Id;
}
