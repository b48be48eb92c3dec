using System.Text.Json;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Recordings;
using AllocationFigures = WebVmMap.Core.Recordings.AllocationFigures;
using AllocationKind = WebVmMap.Core.Recordings.AllocationKind;
using HeapBefore = WebVmMap.Core.Recordings.HeapBefore;
using RecordingHealth = WebVmMap.Core.Recordings.RecordingHealth;

namespace WebVmMap.Components.Tests.Pages;

public sealed class RecordingPageTests : PagesContext
{
    // 10 MiB more that serve keeps.
    private static readonly WebVmMap.Core.Recordings.RecordingInterval s_serveGrows = RecordingSamples.Second with { Allocated = [new(1, 40, 10 << 20)], Freed = [] };

    [Fact]
    public void Recording_Running_OpensTheHotPathWithItsFigures()
    {
        var page = Open();
        Assert.Equal("recording", page.Find(".live-chip").TextContent);
        Assert.Contains("pid 4711 on load-test-07", page.Find(".facts-line").TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["All | 2.0 MiB | 8 | 2.3 MiB | 10 | 256 KiB | 2 | 256 KiB | 2 | 100.0 %", "main (shop) | 2.0 MiB | 8 | 2.3 MiB | 10 | 256 KiB | 2 | 256 KiB | 2 | 100.0 %", "load (shop) | 2.0 MiB | 8 | 2.0 MiB | 8 |  |  |  |  | 100.0 %", "strdup (libc.so.6) | 2.0 MiB | 8 | 2.0 MiB | 8 |  |  |  |  | 100.0 %", "serve (shop) |  |  | 256 KiB | 2 | 256 KiB | 2 | 256 KiB | 2 | "],
            Rows(page));
        Assert.Equal("2,097,152 bytes\nof it itself 0 bytes", page.FindAll(".call-grid [role=row][aria-level='3'] [role=gridcell]")[1].GetAttribute("title"));
        Assert.Contains("2.0 MiB live in 8 blocks; 2.3 MiB allocated 10 times, 256 KiB freed", page.Find(".span-figures").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_WithDroppedEvents_SaysSoAndWhereSymbolsAreMissing()
    {
        var health = Open().Find(".recording-health");
        Assert.Contains("3 events were dropped.", health.TextContent, StringComparison.Ordinal);
        Assert.Contains("12", health.QuerySelector("dd")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["/usr/bin/shop found in the file itself", "/usr/lib/x86_64-linux-gnu/libc.so.6 stripped"], health.QuerySelectorAll("li").Select(item => item.TextContent.Trim()));
    }

    [Theory]
    [InlineData(HeapBefore.None, "", "Every event was counted.")]
    [InlineData(HeapBefore.UnderWay, "being counted", "Every event was counted.")]
    [InlineData(HeapBefore.Counted, "3 blocks of 3 KiB", "Every event was counted.")]
    [InlineData(HeapBefore.Jemalloc, "not counted: the program uses jemalloc", "Before the recording: not counted, the program uses jemalloc.")]
    public void Health_OfBlocksFromBefore_SaysHowManyOrWhyNot(HeapBefore state, string fact, string concern)
    {
        var panel = Render<HealthPanel>(parameters => parameters
            .Add(health => health.Health, new RecordingHealth { Events = 1, Before = state })
            .Add(health => health.Before, new AllocationFigures(3072, 3, 0, 0, 0, 0))
            .Add(health => health.Modules, []));
        Assert.Equal(fact, panel.FindAll("dt").SingleOrDefault(name => name.TextContent == "From before")?.NextElementSibling!.TextContent ?? "");
        Assert.Equal(concern, panel.Find("h2 [role=status]").TextContent);
    }

    [Fact]
    public void Recording_WithChildren_LeadsToThemAndTheyLeadBack()
    {
        Recordings.Set(RecordingSamples.Running with { FollowsChildren = true }, RecordingSamples.First, RecordingSamples.Second);
        Assert.Equal("No process that it started has allocated anything yet.", OpenOf("r1").Find(".child-recordings summary").TextContent);
        Recordings.Set(RecordingSamples.Running with { Id = "c1", Pid = 6001, Launched = false, Program = "sort", CommandLine = "/usr/bin/sort", ParentId = "r1", ParentPid = 4711 }, RecordingSamples.First);
        var page = OpenOf("r1");
        Assert.Equal("1 process that it started, 1 under way", page.Find(".child-recordings summary").TextContent);
        Assert.Equal("/recordings/c1", page.Find(".child-recordings a").GetAttribute("href"));
        Assert.Equal("sort (process 6001) started by 4711, recording, 1.3 MiB allocated, 1.3 MiB live", page.Find(".child-recordings li").TextContent.Trim());
        Assert.Equal("/recordings/r1", OpenOf("c1").FindAll(".trail a")[1].GetAttribute("href"));
    }

    [Fact]
    public void Recording_WithProcessesNotFollowed_SaysHowMany()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First with { Health = RecordingSamples.First.Health with { NotFollowed = 3 } });
        Assert.Contains("3 processes that it started were not followed.", OpenOf("r1").Find(".recording-health h2").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filter_AFunction_ShowsThePathToItAndSumsIt()
    {
        var page = Open("?q=strdup");
        Assert.Equal("1 call matches: 2.0 MiB, 100.0 %", page.Find(".details-count").TextContent);
        Assert.Equal(["All", "main (shop)", "load (shop)", "strdup (libc.so.6)"], Names(page));
        Assert.Equal(3, page.FindAll(".call-grid .grid-row.dimmed").Count);
        await PressAsync("back");
        page.WaitForAssertion(() => Assert.Equal("4 calls", page.Find(".details-count").TextContent));
    }

    [Fact]
    public async Task Pick_ARow_IsSelectedInThePictureAndInTheAddress()
    {
        var page = Open();
        await page.InvokeAsync(() => page.FindAll(".call-grid [role=row][aria-level='3']")[0].Click());
        page.WaitForAssertion(() => Assert.Equal("true", page.FindAll(".call-grid [role=row][aria-level='3']")[0].GetAttribute("aria-selected")));
        Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("sel=n%3A", App.Invocations["replaceUrl"][^1].Arguments[0] as string, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Select_InThePicture_OpensThePathToItsRow()
    {
        var page = Open();
        await page.InvokeAsync(() => page.Find("button[aria-label='Close all calls']").Click());
        page.WaitForAssertion(() => Assert.Equal(["All", "main (shop)"], Names(page)));
        var token = page.FindComponent<CallTreePanel>().Instance.Tokens.Of(3);
        await page.InvokeAsync(() => page.FindComponent<FlameCanvas>().Instance.OnSelect.InvokeAsync(token));
        page.WaitForAssertion(() => Assert.Contains("strdup (libc.so.6)", Names(page)));
    }

    [Fact]
    public async Task System_Hidden_CountsForItsCaller()
    {
        var page = Open();
        await page.InvokeAsync(() => page.FindAll("[role=switch]").Single(button => button.TextContent.Contains("system", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Equal(["All", "main (shop)", "load (shop)", "serve (shop)"], Names(page)));
        Assert.Equal("Copy", page.FindAll(".details-bar button")[^1].TextContent);
    }

    [Fact]
    public async Task Compare_FromASpanOn_ShowsWhatGrewAndWhatWentWithSigns()
    {
        var page = Open($"?to={Uri.EscapeDataString("2026-11-22T12:00:00.250Z")}");
        await page.InvokeAsync(() => Button(page, "Compare from here").Click());
        page.WaitForAssertion(() => Assert.Contains("compared with beginning \u2013 12:00:00", page.Find(".span-line").TextContent, StringComparison.Ordinal));
        Assert.True(page.FindComponent<FlameCanvas>().Instance.State.ShowsGrowth);
        page.WaitForAssertion(() => Assert.Contains("load (shop) | +1.0 MiB | +4 | +1.0 MiB | +4 |  |  |  |  | +100 %", Rows(page)));
        Assert.Contains("serve (shop) | \u2212256 KiB | \u22122 |  |  | +256 KiB | +2 | +256 KiB | +2 | \u2212 gone", Rows(page));
        Assert.Equal("+1.0 MiB", page.Find(".call-grid [aria-level='3'] .growth").TextContent);
        Assert.Equal("\u2212256 KiB", page.Find(".call-grid .shrinkage").TextContent);
        Assert.Equal("1,048,576 bytes before\n2,097,152 bytes now", page.FindAll(".call-grid [role=row][aria-level='3'] [role=gridcell]")[1].GetAttribute("title"));
        await page.InvokeAsync(() => page.Find("button[aria-label='Compare no more']").Click());
        page.WaitForAssertion(() => Assert.Contains("load (shop) | 2.0 MiB | 8 | 2.0 MiB | 8 |  |  |  |  | 100.0 %", Rows(page)));
    }

    [Theory]
    [InlineData("?baseTo=2026-11-22T12:00:00.250Z", "load (shop) | +1.0 MiB")]
    [InlineData("?to=2026-11-22T12:00:00.250Z&baseTo=2026-11-22T12:00:00.500Z", "load (shop) | \u22121.0 MiB")]
    [InlineData("?to=2026-11-22T12:00:00.250Z&baseFrom=2026-11-22T12:00:00.300Z", "serve (shop) | +256 KiB")]
    public void HotPath_BetweenTwoSpans_IsWhereTheFigureGrewOrShrank(string query, string end)
    {
        var rows = Rows(Open(query));
        Assert.StartsWith("main (shop)", rows[1], StringComparison.Ordinal);
        Assert.Contains(rows, row => row.StartsWith(end, StringComparison.Ordinal));
        Assert.Equal(end.StartsWith("load", StringComparison.Ordinal), rows.Exists(row => row.StartsWith("strdup", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Source_OfTheSelectedCall_ShowsItsLinesWithWhatTheyHave()
    {
        Recordings.Sources["load.c"] = new SourceLines(11, ["{", "  keep(strdup(name));", "}"], 13, "/usr/bin/shop");
        var page = Open();
        await page.InvokeAsync(() => page.FindAll(".call-grid [role=row][aria-level='3']")[0].Click());
        page.WaitForAssertion(() => Assert.False(Button(page, "Source").HasAttribute("disabled")));
        await page.InvokeAsync(() => Button(page, "Source").Click());
        page.WaitForAssertion(() => Assert.Equal(" | 11 | {, 2.0 MiB | 12 |   keep(strdup(name));,  | 13 | }", string.Join(", ", page.FindAll(".source-lines tr").Select(row => string.Join(" | ", row.Children.Select(cell => cell.TextContent))))));
        Assert.Equal("12", page.Find(".source-lines tr[aria-current=true] .source-number").TextContent);
        Assert.Contains("changed after shop was built", page.Find(".source-note").TextContent, StringComparison.Ordinal);
        await PressAsync("back");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".call-grid")));
    }

    [Fact]
    public void Source_ThatMayNotBeRead_SaysWhy()
    {
        Recordings.NoSource = "The agent of load-test-07 does not permit source text: start it there with --allow-source.";
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First, RecordingSamples.Second);
        var page = Render("?source=%2Fsrc%2Fload.c%3A12");
        page.WaitForAssertion(() => Assert.Contains("--allow-source", page.Find(".source-panel [role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blocks_OpenAndInAnOrder_AreSoInTheAddress()
    {
        Recordings.Live.AddRange([new(0x1000, 10, 0, 0, 1), new(0x2000, 20, 0, 1, 1)]);
        var page = Open("?blocks=oldest");
        page.WaitForAssertion(() => Assert.Equal(["0x1000", "0x2000"], page.FindAll(".block-table tbody button").Select(button => button.TextContent)));
        await page.InvokeAsync(() => page.FindComponent<LiveBlockList>().Instance.OrderChanged.InvokeAsync(WebVmMap.Core.Recordings.BlockOrder.Biggest));
        page.WaitForAssertion(() => Assert.Equal(["0x2000", "0x1000"], page.FindAll(".block-table tbody button").Select(button => button.TextContent)));
        await page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent == "Blocks").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".health-facts")));
    }

    [Fact]
    public async Task Sizes_AClass_LeadsToTheCallsThatAllocateBlocksOfIt()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First with { Sites = [new(2, AllocationKind.Heap, SizeClass: 18), new(3, AllocationKind.Heap, SizeClass: 17)] }, RecordingSamples.Second);
        var page = Opened("");
        await page.InvokeAsync(() => Button(page, "Sizes").Click());
        page.WaitForAssertion(() => Assert.Equal(["over 64 KiB to 128 KiB", "over 128 KiB to 256 KiB"], Neighbours(page)));
        await page.InvokeAsync(() => Button(page, "over 64 KiB to 128 KiB").Click());
        page.WaitForAssertion(() => Assert.Equal(["All", "main (shop)", "serve (shop)"], Names(page)));
        await page.InvokeAsync(() => Button(page, "over 64 KiB to 128 KiB \u2715").Click());
        page.WaitForAssertion(() => Assert.Contains("load (shop)", Names(page)));
    }

    [Fact]
    public void HotPath_WhereAllWasFreedAgain_IsOfWhatWasAllocated()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First with { Sites = [new(2, AllocationKind.Heap, SizeClass: 18), new(3, AllocationKind.Heap, SizeClass: 17)] }, RecordingSamples.Second);
        Assert.Equal(["All", "main (shop)", "serve (shop)"], Names(Opened("?size=17")));
    }

    [Fact]
    public async Task Callers_OfTheSelectedCall_LeadFromFunctionToFunction()
    {
        var page = Open();
        await page.InvokeAsync(() => page.FindAll(".call-grid [role=row][aria-level='3']")[0].Click());
        page.WaitForAssertion(() => Assert.False(Button(page, "Callers").HasAttribute("disabled")));
        await page.InvokeAsync(() => Button(page, "Callers").Click());
        page.WaitForAssertion(() => Assert.Equal(["Callers", "main (shop)", "load (shop)", "itself", "Callees", "strdup (libc.so.6)"], Neighbours(page)));
        await page.InvokeAsync(() => page.FindAll(".neighbours .link-button").Single(button => button.TextContent == "main").Click());
        page.WaitForAssertion(() => Assert.Equal(["Callers", "nothing: a stack begins there", "main (shop)", "itself", "Callees", "load (shop)", "serve (shop)"], Neighbours(page)));
        await page.InvokeAsync(() => Button(page, "Call tree").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".call-grid")));
    }

    [Fact]
    public void BottomUp_FromTheAddress_HasWhatAllocatedAtTheTop() =>
        Assert.Equal(["All", "strdup (libc.so.6)", "load (shop)", "main (shop)", "serve (shop)"], Names(Open("?view=bottomUp")));

    [Fact]
    public void Span_FromTheAddress_CountsOnlyWhatIsInIt()
    {
        var page = Open($"?from={Uri.EscapeDataString("2026-11-22T12:00:00.300Z")}");
        // Of the second interval alone: 1 MiB came, and what serve had allocated before was freed.
        Assert.Contains("1.0 MiB live in 4 blocks; 1.0 MiB allocated 4 times, 256 KiB freed", page.Find(".span-figures").TextContent, StringComparison.Ordinal);
        Assert.Equal("12:00:00", page.Find(".span-line input").GetAttribute("value"));
    }

    [Fact]
    public async Task Span_TypedAsAMark_IsLookedAt()
    {
        Recordings.Set(RecordingSamples.Running with { Marks = [new(RecordingSamples.StartedAt.AddMilliseconds(300), "load", "")] }, RecordingSamples.First, RecordingSamples.Second);
        var page = Opened("");
        await page.InvokeAsync(() => page.Find(".span-line input").Input("load"));
        await page.InvokeAsync(() => page.Find(".span-line").Submit());
        page.WaitForAssertion(() => Assert.Contains("1.0 MiB live in 4 blocks", page.Find(".span-figures").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find(".span-line input").Input("nowhere"));
        await page.InvokeAsync(() => page.Find(".span-line").Submit());
        page.WaitForAssertion(() => Assert.Contains("\"nowhere\" is neither a mark of this recording nor a time", page.Find(".span-line [role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Span_Brushed_IsLookedAt()
    {
        var page = Open();
        await page.InvokeAsync(() => page.FindComponent<RecordingTimeline>().Instance.QuestionChanged.InvokeAsync(CallTreeQuestion.Whole with { To = "2026-11-22T12:00:00.200Z" }));
        page.WaitForAssertion(() => Assert.Contains("1.3 MiB live in 6 blocks", page.Find(".span-figures").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timeline_OfAProgramThatMaps_ShowsBothKindsLiveAndTheRatesOfTheMemoryThatIsLookedAt()
    {
        var chart = RecordingChart.SetupModule("create", _ => true);
        chart.Mode = JSRuntimeMode.Loose;
        Recordings.Set(
            RecordingSamples.Running,
            RecordingSamples.First with { Sites = [.. RecordingSamples.First.Sites, new(2, AllocationKind.Virtual)], Allocated = [.. RecordingSamples.First.Allocated, new(2, 1, 1 << 30)] },
            RecordingSamples.Second with { Freed = [.. RecordingSamples.Second.Freed, new(2, 0, 0, 512 << 20)] });
        var page = Opened("");
        Assert.Contains("2.0 MiB heap and 512.0 MiB virtual live at the end", page.Find(".recording-chart").GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal(("heap", "[1310720,2097152]", "[1073741824,536870912]", "[5242880,4194304]", "[0,1048576]"), Shown());
        await page.InvokeAsync(() => page.FindComponent<RecordingTimeline>().Instance.QuestionChanged.InvokeAsync(CallTreeQuestion.Whole with { Kind = AllocationKind.Virtual }));
        page.WaitForAssertion(() => Assert.Equal(("virtual", "[1310720,2097152]", "[1073741824,536870912]", "[4294967296,0]", "[0,2147483648]"), Shown()));

        (string?, string, string, string, string) Shown()
        {
            var columns = JsonSerializer.SerializeToElement(chart.Invocations["set"][^1].Arguments[0]);
            string Column(string name) => columns.GetProperty(name).GetRawText();
            return (columns.GetProperty("rates").GetString(), Column("live"), Column("liveVirtual"), Column("allocated"), Column("freed"));
        }
    }

    [Fact]
    public void Span_OfAnUnknownMark_SaysSoAndOffersTheWhole()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Render("?from=gone");
        page.WaitForAssertion(() => Assert.Contains("\"gone\" is neither a mark of this recording nor a time.", page.Find(".banner.severe").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void HotPath_ThatMoves_IsFollowedWhileNobodyOpensRows()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Opened("");
        Assert.Equal(["All", "main (shop)", "load (shop)", "strdup (libc.so.6)", "serve (shop)"], Names(page));
        Recordings.Set(RecordingSamples.Running, s_serveGrows);
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(["All", "main (shop)", "serve (shop)", "load (shop)"], Names(page));
        });
    }

    [Fact]
    public void HotPath_OfLessThanThereWasBefore_IsOfWhatTheRecordingSaw()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First with
        {
            Sites = [.. RecordingSamples.First.Sites, new WebVmMap.Core.Recordings.AllocationSite(-1, WebVmMap.Core.Recordings.AllocationKind.Heap, BeforeRecording: true, WebVmMap.Core.Recordings.SizeClass.Of(200))],
            Allocated = [.. RecordingSamples.First.Allocated, new(2, 10, 64 << 20)],
        });
        Assert.Equal(["All", "[before the recording]", "main (shop)", "load (shop)", "strdup (libc.so.6)", "serve (shop)"], Names(Opened("")));
    }

    [Fact]
    public async Task HotPath_AfterARowWasOpenedOrClosed_StaysAsItIs()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Opened("");
        await page.InvokeAsync(() => page.Find("button[aria-label='Close all calls']").Click());
        page.WaitForAssertion(() => Assert.Equal(["All", "main (shop)"], Names(page)));
        Recordings.Set(RecordingSamples.Running, s_serveGrows);
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.StartsWith("All | 11.3 MiB", Rows(page)[0], StringComparison.Ordinal);
        });
        Assert.Equal(["All", "main (shop)"], Names(page));
    }

    [Fact]
    public async Task Asked_WhilePaused_HasTheNewestAndSaysSo()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Opened("");
        await PressAsync("pause");
        page.WaitForAssertion(() => Assert.Equal("paused", page.Find(".live-chip").TextContent));
        Recordings.Set(RecordingSamples.Running, RecordingSamples.Second);
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("paused, newer data", page.Find(".live-chip").TextContent);
        });
        await page.InvokeAsync(() => page.FindAll("[role=switch]").Single(button => button.TextContent.Contains("lines", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Contains("2.0 MiB live in 8 blocks", page.Find(".span-figures").TextContent, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("paused", page.Find(".live-chip").TextContent));
    }

    [Fact]
    public void Host_GoneAndBack_GreysThePageAndSaysSinceWhenUntilThen()
    {
        Hosts.Set(FakeHosts.Linux);
        var page = Open();
        Assert.Empty(page.FindAll(".banner"));
        Hosts.Set(FakeHosts.Linux with { Online = false });
        page.WaitForAssertion(() => Assert.Equal("host offline", page.Find(".live-chip").TextContent));
        Assert.Equal("load-test-07 is offline", page.Find(".banner b").TextContent);
        Assert.Equal("2026-11-22T15:04:58.000Z", page.Find(".banner time").GetAttribute("datetime"));
        Assert.Contains("within 30 seconds", page.Find(".banner").TextContent, StringComparison.Ordinal);
        Assert.Contains("stale", page.Find(".recording-workbench").ClassList);
        Assert.Contains("load (shop)", Names(page));
        Hosts.Set(FakeHosts.Linux);
        page.WaitForAssertion(() => Assert.Equal("recording", page.Find(".live-chip").TextContent));
        Assert.Empty(page.FindAll(".banner, .stale"));
    }

    [Fact]
    public void Host_GoneAfterTheEnd_DoesNotMatter()
    {
        Hosts.Set(FakeHosts.Linux with { Online = false });
        Recordings.Set(RecordingSamples.Running with { Phase = RecordingPhase.Stopped, StoppedAt = RecordingSamples.StartedAt.AddSeconds(1) }, RecordingSamples.First);
        Assert.Empty(Opened("").FindAll(".banner, .stale"));
    }

    [Fact]
    public async Task More_WhilePaused_WaitsUntilResumed()
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First);
        var page = Opened("");
        await PressAsync("pause");
        page.WaitForAssertion(() => Assert.Equal("paused", page.Find(".live-chip").TextContent));
        Recordings.Set(RecordingSamples.Running, RecordingSamples.Second);
        page.WaitForAssertion(() =>
        {
            // The page asks for the time when it is woken, which may be after any one step of it.
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal("paused, newer data", page.Find(".live-chip").TextContent);
        });
        Assert.Contains("1.3 MiB live in 6 blocks", page.Find(".span-figures").TextContent, StringComparison.Ordinal);
        await PressAsync("pause");
        page.WaitForAssertion(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Contains("2.0 MiB live in 8 blocks", page.Find(".span-figures").TextContent, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Stop_Pressed_LeavesTheRecordingAsItIs()
    {
        var page = Open();
        // The dialog answers only when it is closed, so the click is not awaited.
        _ = page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent.Contains("Stop", StringComparison.Ordinal)).Click());
        await ChooseAsync("Stop recording");
        Assert.Empty(Recordings.Ended);
        page.WaitForAssertion(() => Assert.Equal("stopped", page.Find(".live-chip").TextContent));
        Assert.DoesNotContain(page.FindAll(".actions button"), button => button.TextContent.Contains("Stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_OfALaunchedProgram_OffersToEndItToo()
    {
        var page = Open();
        _ = page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent.Contains("Stop", StringComparison.Ordinal)).Click());
        await ChooseAsync("Cancel");
        Assert.Equal("recording", page.Find(".live-chip").TextContent);
        _ = page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent.Contains("Stop", StringComparison.Ordinal)).Click());
        await ChooseAsync("End the program");
        page.WaitForAssertion(() => Assert.Equal("stopped", page.Find(".live-chip").TextContent));
        Assert.Equal(["r1"], Recordings.Ended);
    }

    [Fact]
    public async Task Stop_OfAnAttachedProcess_DoesNotAsk()
    {
        Recordings.Set(RecordingSamples.Running with { Launched = false }, RecordingSamples.First);
        var page = Opened("");
        await page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent.Contains("Stop", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Equal("stopped", page.Find(".live-chip").TextContent));
        Assert.Empty(Recordings.Ended);
    }

    [Fact]
    public void Export_OfASpan_AsksForThatSpanAndFigure()
    {
        var page = Open($"?from={Uri.EscapeDataString("2026-11-22T12:00:00.300Z")}&by=allocations");
        Assert.Equal(
            [
                "/api/v1/recordings/r1/export?format=pprof&from=2026-11-22T12%3A00%3A00.300Z&metric=allocations",
                "/api/v1/recordings/r1/export?format=folded&from=2026-11-22T12%3A00%3A00.300Z&metric=allocations",
                "/api/v1/recordings/r1/export?format=speedscope&from=2026-11-22T12%3A00%3A00.300Z&metric=allocations",
                "/api/v1/recordings/r1/export?format=wvmr",
            ],
            page.FindAll("#export-menu a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void Recording_Starting_SaysWhatIsAwaited()
    {
        Recordings.Set(RecordingSamples.Running with { Phase = RecordingPhase.Starting, Pid = 0 });
        Assert.Contains("Waiting for the agent on load-test-07 to start it", Render("").Find(".waiting-bench").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_FailedAtOnce_SaysWhy()
    {
        Recordings.Set(RecordingSamples.Running with { Phase = RecordingPhase.Failed, Error = "There is no file /usr/bin/shop." });
        var page = Render("");
        Assert.Contains("There is no file /usr/bin/shop.", page.Find(".banner.severe").TextContent, StringComparison.Ordinal);
        Assert.Contains("The program did not start under recording.", page.Find(".message").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_Unknown_LeadsToTheList() =>
        Assert.Contains("There is no recording “r1”.", Render("").Find(".message").TextContent, StringComparison.Ordinal);

    private async Task ChooseAsync(string choice)
    {
        Dialogs.WaitForAssertion(() => Assert.Contains(Dialogs.FindAll("button"), button => button.TextContent == choice));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").Single(button => button.TextContent == choice).Click());
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll(".mud-dialog")));
    }

    private IRenderedComponent<RecordingPage> Open(string query = "")
    {
        Recordings.Set(RecordingSamples.Running, RecordingSamples.First, RecordingSamples.Second);
        return Opened(query);
    }

    private IRenderedComponent<RecordingPage> Opened(string query)
    {
        var page = Render(query);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".call-grid [role=row][aria-level]")));
        return page;
    }

    private IRenderedComponent<RecordingPage> OpenOf(string id)
    {
        Navigation.NavigateTo($"/recordings/{id}");
        var page = Render<RecordingPage>(p => p.Add(page => page.Id, id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".recording-health h2")));
        return page;
    }

    private IRenderedComponent<RecordingPage> Render(string query)
    {
        Navigation.NavigateTo($"/recordings/r1{query}");
        return Render<RecordingPage>(p => p.Add(page => page.Id, "r1"));
    }

    private static List<string> Rows(IRenderedComponent<RecordingPage> page) =>
        [.. page.FindAll(".call-grid [role=row][aria-level]").Select(row => string.Join(" | ", row.QuerySelectorAll("[role=gridcell]").Select(cell => cell.TextContent.Trim())))];

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<RecordingPage> page, string text) => page.FindAll("button").Single(button => button.TextContent == text);

    private static List<string> Neighbours(IRenderedComponent<RecordingPage> page) =>
        [.. page.FindAll(".neighbours tbody th").Select(name => string.Join(' ', name.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))];

    private static List<string> Names(IRenderedComponent<RecordingPage> page) => [.. Rows(page).Select(row => row.Split(" | ")[0])];
}
