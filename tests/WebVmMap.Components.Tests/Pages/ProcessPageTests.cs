using Microsoft.AspNetCore.Components.Web;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Details;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Pages;

public sealed class ProcessPageTests : PagesContext
{
    public ProcessPageTests() => Hosts.Set(FakeHosts.Linux, FakeHosts.Windows);

    [Fact]
    public void Open_NothingHasCome_SaysWhatItWaitsFor()
    {
        var page = Open();
        Assert.Contains("Waiting for load-test-07", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Equal(new LiveProcessAddress("load-test-07", 24711, Samples.StartStamp), Live.Watched);
    }

    [Fact]
    public void Waiting_PastASecond_SaysHowLong()
    {
        var page = Open();
        Time.Advance(TimeSpan.FromSeconds(3));
        page.WaitForAssertion(() => Assert.Contains("3 s", page.Find("[role=status]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void FirstSample_Comes_ShowsBarsSummaryPictureAndDetails()
    {
        var page = Open();
        Live.Set(Samples.Live());
        // The canvas starts after the page's render.
        AdvanceUntil(page, () => Canvas.Invocations.Any(i => i.Identifier == "create"));
        Assert.Equal("node", page.Find("h1").TextContent);
        Assert.Contains("live · 2 s · cost 0.4 %", page.Find(".live-chip").TextContent, StringComparison.Ordinal);
        var summary = Samples.Small().Summary;
        Assert.Equal(
            new[] { summary.Total.Committed, summary.Total.Private, summary.Total.TotalWs }.Select(WebVmMap.Hub.Components.Text.ByteText.Rounded),
            page.FindAll(".bar-total").Select(e => e.TextContent));
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll(".details-grid .grid-body [role=row]").Count));
    }

    [Theory]
    [InlineData(true, RegionMetric.TotalWs)]
    [InlineData(false, RegionMetric.Committed)]
    public void FirstSample_WithAndWithoutWorkingSet_DrawsWhatThereIs(bool resident, RegionMetric drawn)
    {
        var page = Open();
        Live.Set(Samples.Live(resident ? Samples.Small() : Samples.NothingResident()));
        AdvanceUntil(page, () => page.HasComponent<RegionCanvas>());
        Assert.Equal(drawn, page.FindComponent<RegionCanvas>().Instance.State.Area);
    }

    [Fact]
    public void FirstSample_LinkWithoutStart_PutsTheStartStampIntoTheAddress()
    {
        var page = Open("/hosts/load-test-07/processes/24711");
        Live.Set(Samples.Live());
        AdvanceUntil(page, () => LastUrl().EndsWith($"start={Samples.StartStamp}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sample_KeepsWhatIsOpenAndSelected()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => page.FindAll(".twisty").First(t => !t.ClassList.Contains("none")).Click());
        await page.InvokeAsync(() => page.FindAll(".details-grid .grid-body [role=row]")[3].Click());
        var selected = page.Find(".details-grid [aria-selected=true]").TextContent;
        Live.Set(Samples.Live(Samples.Small(heapResident: 5 << 20), sequence: 2));
        AdvanceUntil(page, () => page.Find(".bar-row:nth-child(3) .bar-total").TextContent == "62.2 MiB");
        Assert.Equal(selected, page.Find(".details-grid [aria-selected=true]").TextContent);
        Assert.Single(page.FindAll(".details-grid [aria-expanded=true]"));
    }

    [Fact]
    public void Sample_WithLimits_ShowsThemOnThePageAndEveryNoteInItsList()
    {
        var rights = new SnapshotNote(SnapshotNoteKind.Limitation, "Stacks count as Private Data: run the agent as root.");
        var names = new SnapshotNote(SnapshotNoteKind.Limitation, "The names of 3 files could not be read.");
        Live.Set(Samples.Live(Samples.Small(notes: [rights, names])));
        var page = Open();
        var banner = page.WaitForElement(".limits");
        Assert.Contains(rights.Text, banner.QuerySelector("summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("2 in all", banner.QuerySelector("summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(names.Text, Assert.Single(banner.QuerySelectorAll("li")).TextContent);
        Assert.Contains("warning", page.Find("button[popovertarget=snapshot-notes]").ClassList);
        Assert.Equal(
            ["How: Heaps were found by name.", $"Limit: {rights.Text}", $"Limit: {names.Text}"],
            page.FindAll("#snapshot-notes .notes li").Select(note => note.TextContent));
    }

    [Fact]
    public void Sample_LimitsGoAway_TheirBannerGoesToo()
    {
        Live.Set(Samples.Live(Samples.Small(notes: [new SnapshotNote(SnapshotNoteKind.Limitation, "No rights.")])));
        var page = Open();
        page.WaitForElement(".limits");
        Live.Set(Samples.Live(sequence: 2));
        AdvanceUntil(page, () => page.FindAll(".limits").Count == 0);
        Assert.DoesNotContain("warning", page.Find("button[popovertarget=snapshot-notes]").ClassList);
        Assert.Single(page.FindAll("#snapshot-notes .notes li"));
    }

    [Fact]
    public async Task Sample_WhileTheDetailsAreRead_KeepsTheOrderUntilTheReaderLeaves()
    {
        var page = OpenLive();
        var before = Rows();
        await ReadAsync(true);
        Live.Set(Samples.Live(Samples.Small(heapResident: 1 << 30), sequence: 2));
        AdvanceUntil(page, () => page.FindAll(".held-hint").Count == 1);
        Assert.Equal(before, Rows());
        await ReadAsync(false);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".held-hint")));
        Assert.NotEqual(before, Rows());
        Assert.Equal("0x1532f0000", Rows()[0]);

        string[] Rows() => [.. page.FindAll(".details-grid .grid-body [role=row] .first").Select(c => c.TextContent.Trim())];
        Task ReadAsync(bool reads) => page.InvokeAsync(() => page.FindComponent<TreeGrid<DetailsRow>>().Instance.OnReading.InvokeAsync(reads));
    }

    [Fact]
    public async Task SortNow_Pressed_SortsOnceAndGoesOnHolding()
    {
        var page = OpenLive();
        var grid = page.FindComponent<TreeGrid<DetailsRow>>().Instance;
        await page.InvokeAsync(() => grid.OnReading.InvokeAsync(true));
        Live.Set(Samples.Live(Samples.Small(heapResident: 1 << 30), sequence: 2));
        AdvanceUntil(page, () => page.FindAll(".held-hint").Count == 1);
        await page.Find(".held-hint button").ClickAsync(new MouseEventArgs());
        Assert.Equal("0x1532f0000", page.Find(".details-grid .grid-body [role=row] .first").TextContent.Trim());
        Live.Set(Samples.Live(Samples.Small(heapResident: 4096), sequence: 3));
        AdvanceUntil(page, () => page.FindAll(".held-hint").Count == 1);
        Assert.Equal("0x1532f0000", page.Find(".details-grid .grid-body [role=row] .first").TextContent.Trim());
    }

    [Fact]
    public async Task Category_Clicked_FiltersEverythingAndIsInTheAddress()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => page.FindAll(".summary tbody th button").Single(b => b.TextContent == "Heap").Click());
        var row = Assert.Single(page.FindAll(".details-grid .grid-body [role=row]"));
        Assert.Contains("[heap]", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.FindAll(".summary tbody th button").Single(b => b.TextContent == "Heap").GetAttribute("aria-pressed"));
        AdvanceUntil(page, () => LastUrl().Contains("cat=Heap", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_WithStateInTheAddress_ShowsTheSamePicture()
    {
        Live.Set(Samples.Live());
        var page = Open("/hosts/load-test-07/processes/24711?view=map&cat=Image&sort=-size&sel=r%3A0xc00000&every=5000");
        page.WaitForElement(".summary");
        Assert.Equal(5000, Live.IntervalMs);
        Assert.Equal("Address map", page.Find("[role=tab][aria-selected=true]").TextContent);
        Assert.Equal("descending", page.FindAll("[role=columnheader]").Single(h => h.TextContent.StartsWith("Size", StringComparison.Ordinal)).GetAttribute("aria-sort"));
        Assert.Contains("selected", page.Find(".details-selected").TextContent, StringComparison.Ordinal);
        Assert.Contains("26.0 MiB", page.Find(".details-selected").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_NewSample_KeepsThePictureAndSaysThereIsNewerData()
    {
        var page = OpenLive();
        await PressAsync("pause");
        Live.Set(Samples.Live(Samples.Small(heapResident: 1 << 20), sequence: 2));
        AdvanceUntil(page, () => page.Find(".live-chip").TextContent.Contains("newer data", StringComparison.Ordinal));
        Assert.Equal("63.2 MiB", page.Find(".bar-row:nth-child(3) .bar-total").TextContent);
        await PressAsync("pause");
        Assert.Equal("58.2 MiB", page.Find(".bar-row:nth-child(3) .bar-total").TextContent);
    }

    [Fact]
    public async Task Back_SelectionAndCategory_AreUndoneOneByOne()
    {
        Live.Set(Samples.Live());
        var page = Open("/hosts/load-test-07/processes/24711?cat=Image&sel=r%3A0xc00000");
        page.WaitForElement(".details-selected");
        await PressAsync("back");
        Assert.Empty(page.FindAll(".details-selected"));
        // The region was selected, so its allocation is open; what counts here is which allocations show.
        Assert.Single(page.FindAll(".details-grid .grid-body [aria-level='1']"));
        await PressAsync("back");
        Assert.Equal(5, page.FindAll(".details-grid .grid-body [aria-level='1']").Count);
    }

    [Theory]
    [InlineData(LiveStatus.Ended, "node has ended")]
    [InlineData(LiveStatus.HostOffline, "load-test-07 is offline")]
    [InlineData(LiveStatus.Denied, "The agent may not look at this process")]
    [InlineData(LiveStatus.Failed, "Watching failed")]
    public void Gone_AfterAPicture_SaysSinceWhenAndKeepsItGreyed(LiveStatus status, string title)
    {
        var page = OpenLive();
        Live.Set(Live.State with { Status = status, Since = Samples.Noon, Message = "Why and what to do." });
        AdvanceUntil(page, () => page.FindAll(".banner").Count == 1);
        var banner = page.Find(".banner").TextContent;
        Assert.Contains(title, banner, StringComparison.Ordinal);
        Assert.Contains("2026-11-22 12:00:00 UTC", banner, StringComparison.Ordinal);
        Assert.Contains("Why and what to do.", banner, StringComparison.Ordinal);
        Assert.Contains("stale", page.Find(".workbench").ClassList);
        Assert.NotEmpty(page.FindAll(".summary tbody tr"));
    }

    [Fact]
    public void Denied_FromTheStart_SaysSoWithoutAnEmptyPicture()
    {
        Live.Set(new LiveProcessState { Status = LiveStatus.Denied, Message = "Run the agent as root." });
        var page = Open();
        Assert.Contains("Run the agent as root.", page.Find(".message").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".workbench"));
    }

    [Theory]
    [InlineData(LiveStatus.NotFound, "No process of load-test-07 has the id 24711.", "no such process")]
    [InlineData(LiveStatus.NoAddressSpace, "There is nothing to show of process 24711.", "no address space")]
    public void NothingToWatch_FromTheStart_SaysSoAndNotThatItEnded(LiveStatus status, string title, string chip)
    {
        Live.Set(new LiveProcessState { Status = status, Message = "The agent's reason." });
        var page = Open();
        Assert.Equal(title, page.Find(".message h2").TextContent);
        Assert.Contains("The agent's reason.", page.Find(".message").TextContent, StringComparison.Ordinal);
        Assert.Equal(chip, page.Find(".live-chip").TextContent);
        Assert.Empty(page.FindAll(".banner"));
        Assert.DoesNotContain("ended", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownHost_Open_SaysSoAndWatchesNothing()
    {
        var page = Open("/hosts/nowhere/processes/1");
        Assert.Contains("There is no host", page.Markup, StringComparison.Ordinal);
        Assert.Null(Live.Watched);
    }

    [Fact]
    public void OneHundredThousandRegions_OnlyTheRowsInSightAreInThePage()
    {
        Live.Set(Samples.Live(Samples.Large(100_000)));
        var page = Open();
        page.WaitForElement(".details-grid .grid-body [role=row]");
        Assert.InRange(page.FindAll(".details-grid .grid-body [role=row]").Count, 1, 400);
        Assert.Equal("50001", page.Find(".details-grid").GetAttribute("aria-rowcount"));
    }

    [Fact]
    public void Unaccounted_CounterDiffers_IsARowWithAnExplanation()
    {
        Live.Set(Samples.Live(Samples.Small(counters: new ProcessCounters { PrivateCommit = 90L << 20 })));
        var page = Open();
        var row = page.WaitForElements(".summary tbody tr").Single(r => r.TextContent.Contains("Unaccounted", StringComparison.Ordinal));
        Assert.Contains("counter", row.TextContent, StringComparison.Ordinal);
        Assert.Contains(row.QuerySelectorAll("td"), cell => cell.TextContent == WebVmMap.Hub.Components.Text.ByteText.Rounded((90L << 20) - Samples.Small().Summary.Total.Private));
    }

    [Fact]
    public void Stretched_Interval_IsSaid()
    {
        Live.Set(Samples.Live() with { EffectiveIntervalMs = 5200, CpuShare = 0.019 });
        Assert.Contains("5.2 s (asked 2 s) · cost 1.9 %", Open().Find(".live-chip").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_Taken_IsKeptUnderItsLabelForExactlyThisProcess()
    {
        Store.ToTake = Samples.Small();
        var page = OpenLive();
        var taking = page.FindAll(".actions button").Single(b => b.TextContent.Trim() == "Snapshot").ClickAsync(new MouseEventArgs());
        Dialogs.WaitForElement(".field input");
        await Dialogs.InvokeAsync(() => Dialogs.Find(".field input").Input("before"));
        await Dialogs.FindAll("button").Single(b => b.TextContent == "Take snapshot").ClickAsync(new MouseEventArgs());
        await taking;
        Assert.Equal(new SnapshotRequest(new("load-test-07", 24711, Samples.StartStamp), "before"), Assert.Single(Store.Requests));
        Snackbars.WaitForAssertion(() => Assert.Contains("Snapshot kept", Snackbars.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshot_Refused_SaysWhy()
    {
        Store.Outcome = new SnapshotOutcome(null, SnapshotFailure.ProcessGone, "The process has ended.");
        var page = OpenLive();
        var taking = page.FindAll(".actions button").Single(b => b.TextContent.Trim() == "Snapshot").ClickAsync(new MouseEventArgs());
        Dialogs.WaitForElement(".field input");
        await Dialogs.FindAll("button").Single(b => b.TextContent == "Take snapshot").ClickAsync(new MouseEventArgs());
        await taking;
        Snackbars.WaitForAssertion(() => Assert.Contains("The process has ended.", Snackbars.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EmptyWorkingSet_Confirmed_ShowsBeforeAndAfterAndNamesExactlyThisProcess()
    {
        Hosts.Set(FakeHosts.Linux with { PermitsEmptyWorkingSet = true });
        var page = OpenLive();
        var button = page.FindAll(".actions button").Single(b => b.TextContent.Trim() == "Empty WS");
        _ = button.ClickAsync(new MouseEventArgs());
        Dialogs.WaitForElement(".mud-dialog button.primary");
        Assert.Empty(WorkingSets.Asked);
        await Dialogs.Find(".mud-dialog button.primary").ClickAsync(new MouseEventArgs());
        Assert.Equal(["58.0 MiB", "3.0 MiB"], Dialogs.WaitForElements(".emptied td").Select(cell => cell.TextContent));
        Assert.Contains("Libraries stay.", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Equal(new LiveProcessAddress("load-test-07", 24711, Samples.StartStamp), Assert.Single(WorkingSets.Asked));
    }

    [Fact]
    public async Task EmptyWorkingSet_Refused_SaysWhy()
    {
        Hosts.Set(FakeHosts.Linux with { PermitsEmptyWorkingSet = true });
        WorkingSets.Answer = () => throw new AgentRequestException(AgentFailure.Gone, "Process 24711 has ended.");
        var page = OpenLive();
        _ = page.FindAll(".actions button").Single(b => b.TextContent.Trim() == "Empty WS").ClickAsync(new MouseEventArgs());
        Dialogs.WaitForElement(".mud-dialog button.primary");
        await Dialogs.Find(".mud-dialog button.primary").ClickAsync(new MouseEventArgs());
        Assert.Equal("Process 24711 has ended.", Dialogs.WaitForElement("[role=alert]").TextContent);
    }

    [Fact]
    public void EmptyWorkingSet_NotPermittedByTheAgent_SaysHowToPermitItAndOffersNothing()
    {
        var page = OpenLive();
        _ = page.FindAll(".actions button").Single(b => b.TextContent.Trim() == "Empty WS").ClickAsync(new MouseEventArgs());
        Dialogs.WaitForElement(".mud-dialog button.primary");
        Assert.Contains("--allow-empty-working-set", Dialogs.Markup, StringComparison.Ordinal);
        Assert.Equal("Close", Assert.Single(Dialogs.FindAll(".mud-dialog button.primary")).TextContent);
    }

    [Fact]
    public async Task Record_WithOneClick_AttachesToExactlyThisProcessAndGoesToTheRecording()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => RecordButton(page).Click());
        page.WaitForAssertion(() => Assert.EndsWith("/recordings/recording-1", Navigation.Uri, StringComparison.Ordinal));
        var started = Assert.Single(Recordings.Started);
        Assert.Equal(("load-test-07", 24711, Samples.StartStamp, true), (started.HostId, started.Pid, started.StartStamp, started.Command.IsEmpty));
        Assert.Equal((false, 0), (started.Sampled, started.SampleBytes));
    }

    [Theory]
    [InlineData("every allocation", 0)]
    [InlineData("samples, one in 64 KiB", 64 << 10)]
    [InlineData("samples, one in 512 KiB", 512 << 10)]
    public async Task Record_FromTheMenu_RecordsAsMuchAsWasChosen(string choice, long sampleBytes)
    {
        var page = OpenLive();
        Assert.Equal("record-menu", page.Find(".split-button button[aria-label]").GetAttribute("popovertarget"));
        await page.InvokeAsync(() => page.FindAll("#record-menu button").Single(button => button.TextContent == choice).Click());
        page.WaitForAssertion(() => Assert.EndsWith("/recordings/recording-1", Navigation.Uri, StringComparison.Ordinal));
        var started = Assert.Single(Recordings.Started);
        Assert.Equal((24711, sampleBytes > 0, sampleBytes, null), (started.Pid, started.Sampled, started.SampleBytes, started.Problem));
    }

    [Fact]
    public void Record_OnAPhone_IsThere() => Assert.Null(RecordButton(OpenLive()).Closest(".wide-only"));

    [Fact]
    public async Task Record_Refused_SaysWhyAndStays()
    {
        Recordings.Refusal = "Process 24711 is linked statically.";
        var page = OpenLive();
        var before = Navigation.Uri;
        await page.InvokeAsync(() => RecordButton(page).Click());
        Snackbars.WaitForAssertion(() => Assert.Contains("is linked statically", Snackbars.Markup, StringComparison.Ordinal));
        Assert.Equal(before, Navigation.Uri);
        Assert.False(RecordButton(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task Record_NotPermittedByTheAgent_SaysHowToPermitItAndStartsNothing()
    {
        Hosts.Set(FakeHosts.Linux with { PermitsRecording = false });
        var page = OpenLive();
        await page.InvokeAsync(() => RecordButton(page).Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("--allow-recording", Dialogs.Markup, StringComparison.Ordinal));
        Assert.Empty(Recordings.Started);
    }

    private static AngleSharp.Dom.IElement RecordButton(IRenderedComponent<ProcessPage> page) =>
        page.FindAll(".actions button").Single(button => button.TextContent.Contains("Record", StringComparison.Ordinal));

    [Fact]
    public async Task Leave_Page_EndsTheLease()
    {
        OpenLive();
        Assert.Equal(1, Live.Viewers);
        await DisposeComponentsAsync();
        Assert.Equal(0, Live.Viewers);
    }

    [Fact]
    public async Task Area_ChosenFromItsMenu_IsInTheAddress()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => page.FindAll(".choice-menu button").Single(b => b.TextContent.Contains("area", StringComparison.Ordinal)).Click());
        Popovers.WaitForElement(".mud-menu-item");
        await Popovers.InvokeAsync(() => Popovers.FindAll(".mud-menu-item").Single(i => i.TextContent.EndsWith("committed", StringComparison.Ordinal)).Click());
        AdvanceUntil(page, () => LastUrl().Contains("area=committed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Column_ChosenFromTheMenu_ShowsUp()
    {
        var page = OpenLive();
        Assert.DoesNotContain(page.FindAll("[role=columnheader]"), h => h.TextContent.StartsWith("Reserved", StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll(".plain-menu button").Single(b => b.TextContent.Contains("Columns", StringComparison.Ordinal)).Click());
        Popovers.WaitForElement(".mud-menu-item");
        await Popovers.InvokeAsync(() => Popovers.FindAll(".mud-menu-item").Single(i => i.TextContent.Contains("Reserved", StringComparison.Ordinal)).Click());
        Assert.Contains(page.FindAll("[role=columnheader]"), h => h.TextContent.StartsWith("Reserved", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Canvas_Selects_TheDetailsFollow()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => page.FindComponent<RegionCanvas>().Instance.OnSelect.InvokeAsync("g:Image|/usr/bin/node"));
        Assert.Contains("/usr/bin/node", page.Find(".details-grid [aria-selected=true]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindComponent<RegionCanvas>().Instance.OnSelect.InvokeAsync("c:Stack"));
        Assert.Contains("Stack", page.Find(".details-bar .chip").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fragmentation_NothingKeptYet_ShowsThePresentAndSaysWhatItTakes()
    {
        var page = OpenLive();
        await page.InvokeAsync(() => page.Find("button[popovertarget=fragmentation]").Click());
        page.WaitForAssertion(() => Assert.Contains("A second snapshot of this process will show", page.Find("#fragmentation").TextContent, StringComparison.Ordinal));
        Assert.NotEmpty(page.FindAll("#fragmentation tbody tr"));
        Assert.Empty(page.FindAll("#fragmentation polyline"));
    }

    private string LastUrl() => App.Invocations["replaceUrl"] is { Count: > 0 } written ? written[^1].Arguments[0] as string ?? "" : "";

    private IRenderedComponent<ProcessPage> Open(string url = "/hosts/load-test-07/processes/24711?start=8123456")
    {
        Navigation.NavigateTo(url);
        var parts = url.Split('?')[0].Split('/');
        return Render<ProcessPage>(p => p.Add(c => c.HostId, parts[2]).Add(c => c.Pid, int.Parse(parts[4], System.Globalization.CultureInfo.InvariantCulture)));
    }

    private IRenderedComponent<ProcessPage> OpenLive(Snapshot? snapshot = null)
    {
        Live.Set(Samples.Live(snapshot));
        var page = Open();
        page.WaitForElement(".summary");
        return page;
    }

    // Refreshes wait for their gap on the fake clock, and are asked for on another thread.
    private void AdvanceUntil(IRenderedComponent<ProcessPage> page, Func<bool> holds)
    {
        for (var i = 0; i < 5000; i++)
        {
            if (page.InvokeAsync(holds).GetAwaiter().GetResult())
            {
                return;
            }
            Time.Advance(TimeSpan.FromMilliseconds(50));
            Thread.Yield();
        }
        Assert.Fail($"It did not come to hold:\n{page.Markup}");
    }
}
