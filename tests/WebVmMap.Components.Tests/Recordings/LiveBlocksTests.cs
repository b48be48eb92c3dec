using Microsoft.AspNetCore.Components;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Recordings;

/// <summary>From a process's regions to the blocks in them and who allocated these, and from a call to its blocks and their regions.</summary>
public sealed class LiveBlocksTests : PagesContext
{
    private static readonly Recording s_ofNode = RecordingSamples.Running with { Pid = 24711, StartStamp = Samples.StartStamp };

    public LiveBlocksTests()
    {
        Hosts.Set(FakeHosts.Linux);
        Recordings.Live.AddRange(
        [
            new LiveBlock(0x1532f0100, 4096, 0, 0, 24712),
            new LiveBlock(0x1532f2000, 100, 1, 0, 0),
            new LiveBlock(0x7f1000000000, 1 << 20, 0, 1, 24712),
        ]);
    }

    [Fact]
    public async Task Region_Selected_HasTheBlocksInItWithTheirStacks()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        var page = await ProcessAsync("&sel=r%3A0x1532f0000");
        page.WaitForAssertion(() => Assert.Equal(["0x1532f0100 4 KiB", "0x1532f2000 100 B"], Rows(page)));
        Assert.Contains("2 blocks, 4 KiB", page.Find(".live-blocks [role=status]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find(".block-table button").Click());
        Assert.Equal(["strdup libc.so.6", "load load.c:12", "main shop.c:90"], page.FindAll(".block-stack li").Select(item => string.Join(' ', item.Children.Select(part => part.TextContent))));
        Assert.Contains("by thread 24712", page.Find(".block-stack p").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_Given_FindsTheBlockThatHoldsIt()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        var page = await ProcessAsync("");
        page.WaitForAssertion(() => Assert.Equal(3, Rows(page).Count));
        await page.InvokeAsync(() => page.Find(".block-address input").Change("0x1532f2063"));
        page.WaitForAssertion(() => Assert.Equal(["0x1532f2000 100 B"], Rows(page)));
        await page.InvokeAsync(() => page.Find(".block-address input").Change("here"));
        Assert.Contains("hexadecimal", page.Find(".process-blocks [role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Block_FromBeforeTheRecording_SaysThatInPlaceOfAStack()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First with { Sites = [.. RecordingSamples.First.Sites, new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true, SizeClass.Of(200))] });
        Recordings.Live.Add(new LiveBlock(0x1532f3000, 200, 2, -1, 0));
        var page = await ProcessAsync("");
        await page.InvokeAsync(() => page.Find(".block-address input").Change("0x1532f3001"));
        page.WaitForAssertion(() => Assert.Equal(["0x1532f3000 200 B"], Rows(page)));
        Assert.Contains("[before the recording]", page.Find(".block-table tbody td").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find(".block-table button").Click());
        Assert.Contains("nobody saw who made it", page.Find(".block-stack p").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".block-stack li"));
    }

    [Fact]
    public async Task Process_NotRecorded_SaysSo()
    {
        // Another process had the same id before.
        Recordings.Set(s_ofNode with { StartStamp = 1 }, RecordingSamples.First);
        Assert.Contains("was not recorded", (await ProcessAsync("")).Find(".process-blocks").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_NotRecorded_IsRecordedFromThere()
    {
        var page = await ProcessAsync("");
        var button = page.Find(".process-blocks .primary");
        Assert.Equal(("process-blocks", "hide"), (button.GetAttribute("popovertarget"), button.GetAttribute("popovertargetaction")));
        await page.InvokeAsync(() => button.Click());
        page.WaitForAssertion(() => Assert.EndsWith("/recordings/recording-1", Navigation.Uri, StringComparison.Ordinal));
        Assert.Equal((24711, Samples.StartStamp), (Recordings.Started[0].Pid, Recordings.Started[0].StartStamp));
    }

    [Fact]
    public async Task Snapshot_OfAProcessNotRecorded_LeadsToItsProcess()
    {
        var stored = await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        Navigation.NavigateTo($"/snapshots/{stored.Id}");
        var page = Render<SnapshotPage>(p => p.Add(one => one.Id, stored.Id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[popovertarget=process-blocks]")));
        await page.InvokeAsync(() => page.Find("[popovertarget=process-blocks]").Click());
        Assert.Equal($"/hosts/load-test-07/processes/24711?start={Samples.StartStamp}", page.Find(".process-blocks a").GetAttribute("href"));
        Assert.Empty(page.FindAll(".process-blocks .primary"));
    }

    [Fact]
    public async Task Recording_Ended_TellsWhatWasLiveThenOrWhyNot()
    {
        Recordings.Set(s_ofNode with { Phase = RecordingPhase.Stopped, StoppedAt = RecordingSamples.StartedAt.AddSeconds(1) }, RecordingSamples.First, RecordingSamples.Second);
        var page = await ProcessAsync("");
        page.WaitForAssertion(() => Assert.Contains("as live when the recording ended", page.Find(".live-blocks").TextContent, StringComparison.Ordinal));
        Recordings.NoBlocks = "What was live when the recording ended is not kept.";
        await page.InvokeAsync(() => page.FindAll(".live-blocks .block-tools button").Single(button => button.TextContent == "Ask again").Click());
        page.WaitForAssertion(() => Assert.Contains("is not kept", page.Find(".live-blocks [role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Snapshot_WithItsBlocks_TellsThemWhenTheRecordingIsGone()
    {
        var stored = await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        var kept = new FakeRecordings();
        kept.Set(RecordingSamples.Running with { Id = stored.Id, Phase = RecordingPhase.Stopped }, RecordingSamples.First);
        kept.Live.Add(new LiveBlock(0x1532f0100, 4096, 0, 0, 24712));
        SnapshotRecordings.Kept[stored.Id] = kept;
        Navigation.NavigateTo($"/snapshots/{stored.Id}");
        var page = Render<SnapshotPage>(p => p.Add(one => one.Id, stored.Id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[popovertarget=process-blocks]")));
        await page.InvokeAsync(() => page.Find("[popovertarget=process-blocks]").Click());
        page.WaitForAssertion(() => Assert.Contains("as live when the snapshot was taken", page.Find(".live-blocks").TextContent, StringComparison.Ordinal));
        Assert.Equal("0x1532f0100", page.Find(".block-table button").TextContent);
        Assert.Contains("it stays with the snapshot", page.Find(".process-blocks").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_WithDamagedBlocks_IsShownAndSaysSoOnceTheyAreAskedFor()
    {
        var stored = await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        SnapshotRecordings.Kept[stored.Id] = new FakeRecordings();
        SnapshotRecordings.Damaged = true;
        Navigation.NavigateTo($"/snapshots/{stored.Id}");
        var page = Render<SnapshotPage>(p => p.Add(one => one.Id, stored.Id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[popovertarget=process-blocks]")));
        await page.InvokeAsync(() => page.Find("[popovertarget=process-blocks]").Click());
        page.WaitForAssertion(() => Assert.Contains("is damaged. The snapshot itself is whole.", page.Find(".process-blocks [role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_Selected_HasItsBlocksAndTheirRegions()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        Navigation.NavigateTo("/recordings/r1");
        var page = Render<RecordingPage>(p => p.Add(recording => recording.Id, "r1"));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".call-grid [role=row][aria-level='3']")));
        await page.InvokeAsync(() => page.FindAll(".call-grid [role=row][aria-level='3']")[0].Click());
        await page.InvokeAsync(() => page.FindAll(".actions button").Single(button => button.TextContent == "Blocks").Click());
        page.WaitForAssertion(() => Assert.Equal(["0x7f1000000000 1.0 MiB", "0x1532f0100 4 KiB"], Rows(page)));
        Assert.Contains("of load", page.Find(".recording-health h2").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find(".block-table button").Click());
        Assert.Equal(
            $"/hosts/load-test-07/processes/24711?start={Samples.StartStamp}&sel=r%3A0x7f1000000000", page.Find(".block-stack a").GetAttribute("href"));
    }

    [Fact]
    public void Blocks_OfARunningRecording_TellTheRegionsOfTheProcessWithWhatIsInEach()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        Recordings.Live.Add(new LiveBlock(0x6f0000000000, 64, 0, 0, 0));
        var page = BlocksOf("r1");
        page.WaitForAssertion(() => Assert.Contains("Asking for the regions", page.Find(".block-regions").TextContent, StringComparison.Ordinal));
        Assert.Equal((new LiveProcessAddress("load-test-07", 24711, Samples.StartStamp), 0), (Live.Watched, Live.IntervalMs));
        Live.Set(Samples.Live());
        page.WaitForAssertion(() => Assert.Equal(["0x7f1000000000Private Data 1 1.0 MiB 99.6 %", "0x1532f0000Heap [heap] 2 4 KiB 0.4 %"], Regions(page)));
        Assert.Contains("1 block of 64 B lies outside of the regions that are known", page.Find(".block-regions p").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/hosts/load-test-07/processes/24711?start={Samples.StartStamp}&sel=r%3A0x7f1000000000", page.Find(".region-table a").GetAttribute("href"));
    }

    [Fact]
    public async Task Blocks_OfAnotherCall_AreCountedInRegionsThatAreReadAnew()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        Live.Set(Samples.Live());
        var page = BlocksOf("r1");
        page.WaitForAssertion(() => Assert.Equal(2, Regions(page).Count));
        await page.InvokeAsync(() => page.FindAll(".call-grid [role=row][aria-level='3']")[0].Click());
        page.WaitForAssertion(() => Assert.Equal(1, Live.SamplesAsked));
        Live.Set(Samples.Live(sequence: 2));
        page.WaitForAssertion(() => Assert.Contains("0x1532f0000Heap [heap] 1 4 KiB 0.4 %", Regions(page)));
    }

    [Fact]
    public async Task Blocks_OfAnEndedRecording_LieInTheRegionsOfTheSnapshotThatIsKept()
    {
        var stored = await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        Recordings.Set(s_ofNode with { Phase = RecordingPhase.Stopped, StoppedAt = RecordingSamples.StartedAt.AddSeconds(1) }, RecordingSamples.First, RecordingSamples.Second);
        var page = BlocksOf("r1");
        page.WaitForAssertion(() => Assert.Equal($"/snapshots/{stored.Id}?sel=r%3A0x7f1000000000", page.Find(".region-table a").GetAttribute("href")));
        Assert.Null(Live.Watched);
    }

    [Fact]
    public void Blocks_OfAProcessThatCannotBeLookedAt_SayThatItsRegionsAreNotKnown()
    {
        Recordings.Set(s_ofNode, RecordingSamples.First, RecordingSamples.Second);
        Live.Set(new LiveProcessState { Status = LiveStatus.HostOffline, Message = "The agent is not connected." });
        var page = BlocksOf("r1");
        page.WaitForAssertion(() => Assert.Contains("is not known: the process cannot be looked at now, and no snapshot of it is kept. The agent is not connected.", page.Find(".block-regions").TextContent, StringComparison.Ordinal));
        Assert.NotEmpty(page.FindAll(".block-table tbody tr"));
    }

    private IRenderedComponent<RecordingPage> BlocksOf(string id)
    {
        Navigation.NavigateTo($"/recordings/{id}?blocks=biggest");
        var page = Render<RecordingPage>(p => p.Add(recording => recording.Id, id));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".block-table")));
        return page;
    }

    private static List<string> Regions(IRenderedComponent<RecordingPage> page) =>
        [.. page.FindAll(".region-table tbody tr").Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Replace('\u00A0', ' '))))];

    private async Task<IRenderedComponent<ProcessPage>> ProcessAsync(string query)
    {
        Navigation.NavigateTo($"/hosts/load-test-07/processes/24711?start={Samples.StartStamp}{query}");
        var page = Render<ProcessPage>(p => p.Add(process => process.HostId, "load-test-07").Add(process => process.Pid, 24711));
        Live.Set(Samples.Live());
        Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[popovertarget=process-blocks]")));
        await page.InvokeAsync(() => page.Find("[popovertarget=process-blocks]").Click());
        return page;
    }

    private static List<string> Rows(IRenderedComponent<IComponent> page) =>
        [.. page.FindAll(".block-table tbody tr:not(.block-stack)").Select(row => $"{row.QuerySelector("button")!.TextContent} {row.Children[1].TextContent}")];
}
