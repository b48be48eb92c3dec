using Microsoft.AspNetCore.Components.Web;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Pages;

public sealed class ComparePageTests : PagesContext
{
    [Fact]
    public async Task Compare_TwoSnapshots_ShowsWhatGrewFirstWithItsSign()
    {
        var page = await OpenAsync();
        Assert.Contains("Matched by address", page.Find(".diff-head").TextContent, StringComparison.Ordinal);
        Assert.Contains("later", page.Find(".diff-between").TextContent, StringComparison.Ordinal);
        var heap = page.FindAll(".diff-summary tbody tr").Single(row => row.QuerySelector("th")!.TextContent.Contains("Heap", StringComparison.Ordinal) && !row.TextContent.Contains("Managed", StringComparison.Ordinal));
        var cells = heap.QuerySelectorAll("td");
        Assert.Equal(["10.0 MiB", "16.0 MiB", "+6.0 MiB"], cells.Take(3).Select(cell => cell.TextContent));
        Assert.Equal("+6,291,456 bytes", cells[2].GetAttribute("title"));
        Assert.Contains("growth", cells[2].ClassName, StringComparison.Ordinal);
        Assert.Contains("5 regions in 4 allocations", page.Find(".details-count").TextContent, StringComparison.Ordinal);
        Assert.Contains("+14.0 MiB", page.Find(".details-count").TextContent, StringComparison.Ordinal);
        Assert.Contains("−1.0 MiB", page.Find(".details-count").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_CategoryChosen_FiltersEverythingAndStandsInTheAddress()
    {
        var page = await OpenAsync();
        await page.FindAll(".diff-summary button").Single(button => button.TextContent == "Stack").ClickAsync(new MouseEventArgs());
        page.WaitForAssertion(() => Assert.Contains("2 regions in 1 allocation ", page.Find(".details-count").TextContent, StringComparison.Ordinal));
        Assert.True(page.FindAll(".bar-part.dimmed").Count > 0);
        Time.Advance(TimeSpan.FromSeconds(1));
        page.WaitForAssertion(() => Assert.Contains("cat=Stack", App.Invocations["replaceUrl"][^1].Arguments[0] as string, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_SameTwice_SaysThatNothingChangedAndWhatItCost()
    {
        var id = (await KeepAsync(DiffSamples.Before)).Id;
        var page = Open(id, id);
        page.WaitForAssertion(() => Assert.Contains("Nothing changed", page.Find(".banner").TextContent, StringComparison.Ordinal));
        Assert.Contains("Reading them took 12 ms", page.Find(".banner").TextContent, StringComparison.Ordinal);
        Assert.Contains("Nothing changed", page.Find(".grid-empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OneGone_SaysWhichAndOffersAnother()
    {
        var id = (await KeepAsync(DiffSamples.After)).Id;
        var page = Open("gone", id);
        page.WaitForAssertion(() => Assert.Contains("The snapshot before is not kept any more", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        // The dialog answers only when it is closed, so the click is not awaited.
        _ = page.Find("button[aria-label*='the snapshot before']").ClickAsync(new MouseEventArgs());
        Dialogs.WaitForAssertion(() => Assert.Single(Dialogs.FindAll(".pick")));
        Assert.True(Dialogs.Find(".pick").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Compare_OtherSystem_IsRefusedWithTheReason()
    {
        var a = (await KeepAsync(DiffSamples.Before)).Id;
        var b = (await KeepAsync(Samples.Small(platform: HostPlatform.Windows))).Id;
        var page = Open(a, b);
        page.WaitForAssertion(() => Assert.Contains("cannot be compared", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_AnotherRun_SaysThatItIsMatchedByIdentity()
    {
        var a = (await KeepAsync(DiffSamples.Before)).Id;
        var again = DiffSamples.After.Process with { Key = new ProcessKey(99, 5) };
        var after = DiffSamples.After;
        var b = (await KeepAsync(new Snapshot(after.Regions, after.Bounds) { Platform = after.Platform, Process = again, TakenAt = after.TakenAt })).Id;
        var page = Open(a, b);
        page.WaitForAssertion(() => Assert.Contains("Matched by identity", page.Find(".diff-head").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_Nothing_AsksForBoth()
    {
        var page = Open("", "");
        Assert.Equal(2, page.FindAll("button[aria-label^='Choose: the snapshot']").Count);
    }

    [Fact]
    public async Task Swap_Pressed_TurnsThemAroundAndKeepsTheFilter()
    {
        var page = await OpenAsync("&q=heap");
        await page.Find("button[aria-label='Swap before and after']").ClickAsync(new MouseEventArgs());
        Assert.Contains("a=snapshot-0000000000002&b=snapshot-0000000000001&q=heap", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pick_Row_SelectsItAndOpensEitherSideThere()
    {
        var page = await OpenAsync("&q=heap");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[role=row][aria-level]")));
        await page.Find("[role=row][aria-level]").ClickAsync(new MouseEventArgs());
        page.WaitForAssertion(() => Assert.Contains("selected", page.Find(".details-selected").TextContent, StringComparison.Ordinal));
        Assert.All(page.FindAll(".diff-card-actions a"), link => Assert.Contains("sel=a%3A0x2000000", link.GetAttribute("href"), StringComparison.Ordinal));
        await PressAsync("back");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".details-selected")));
    }

    private async Task<IRenderedComponent<ComparePage>> OpenAsync(string query = "")
    {
        var a = (await KeepAsync(DiffSamples.Before)).Id;
        var b = (await KeepAsync(DiffSamples.After)).Id;
        var page = Open(a, b, query);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".diff-summary")));
        return page;
    }

    private Task<StoredSnapshot> KeepAsync(Snapshot snapshot) => Store.AddAsync(snapshot, "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);

    private IRenderedComponent<ComparePage> Open(string a, string b, string query = "")
    {
        Navigation.NavigateTo($"/compare?a={a}&b={b}{query}");
        return Render<ComparePage>();
    }
}
