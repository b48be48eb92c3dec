using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Components.Tests.Pages;

public sealed class SnapshotsPageTests : PagesContext
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Choose_TwoOrThreeOfOneProcess_OffersToCompareOrTheTrendOldestFirst()
    {
        var (a, b, c) = (await KeepAsync("a"), await KeepAsync("b"), await KeepAsync("c"));
        var page = Render<SnapshotsPage>();
        Assert.Empty(page.FindAll(".filter-line .plain-button"));
        await page.InvokeAsync(() => page.FindAll("tbody input")[0].Change(true));
        Assert.Null(Link(page, "Compare"));
        await page.InvokeAsync(() => page.FindAll("tbody input")[2].Change(true));
        Assert.Equal($"/compare?a={a}&b={c}", Link(page, "Compare"));
        Assert.Null(Link(page, "Trend"));
        await page.InvokeAsync(() => page.FindAll("tbody input")[1].Change(true));
        Assert.Null(Link(page, "Compare"));
        Assert.Equal($"/trend?ids={Uri.EscapeDataString($"{a},{b},{c}")}", Link(page, "Trend"));
    }

    [Fact]
    public async Task Choose_ThreeOfTwoHosts_OffersNoTrend()
    {
        await KeepAsync("a");
        await KeepAsync("b");
        await KeepAsync("c", "other");
        var page = Render<SnapshotsPage>();
        for (var row = 0; row < 3; row++)
        {
            await page.InvokeAsync(() => page.FindAll("tbody input")[row].Change(true));
        }
        Assert.Null(Link(page, "Trend"));
    }

    [Fact]
    public async Task Pin_Pressed_IsKeptAndShown()
    {
        var id = await KeepAsync("a");
        var page = Render<SnapshotsPage>();
        await page.InvokeAsync(() => page.Find("[aria-label=Pin]").Click());
        Assert.True((await Store.FindAsync(id, Stop))!.Pinned);
        Assert.Equal("true", page.Find("[aria-label=Pin]").GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task Edit_LabelAndNote_AreKeptAndShown()
    {
        var id = await KeepAsync("a");
        var page = Render<SnapshotsPage>();
        await page.InvokeAsync(() => page.Find("[aria-label^=Edit]").Click());
        await Dialogs.InvokeAsync(() => Dialogs.Find("input[maxlength='200']").Input("  before the test "));
        await Dialogs.InvokeAsync(() => Dialogs.Find("textarea").Input("with 8 users"));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").First(b => b.TextContent == "Save").Click());
        page.WaitForAssertion(() => Assert.Contains("before the test", page.Find("tbody tr").TextContent, StringComparison.Ordinal));
        var stored = await Store.FindAsync(id, Stop);
        Assert.Equal(("before the test", "with 8 users"), (stored!.Label, stored.Note));
    }

    [Fact]
    public async Task Delete_Undone_IsBack()
    {
        var id = await KeepAsync("a");
        var page = Render<SnapshotsPage>();
        await page.InvokeAsync(() => page.Find("[aria-label=Delete]").Click());
        Assert.Equal([id], Store.Deleted);
        Assert.Contains("No snapshot is kept yet", page.Find(".message").TextContent, StringComparison.Ordinal);
        await Snackbars.InvokeAsync(() => Snackbars.FindAll("button").First(b => b.TextContent.Contains("Undo", StringComparison.Ordinal)).Click());
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        Assert.Empty(Store.Deleted);
    }

    [Fact]
    public async Task Delete_ManyChosen_AsksFirst()
    {
        await KeepAsync("a");
        await KeepAsync("b");
        var page = Render<SnapshotsPage>();
        await page.InvokeAsync(() => page.FindAll("tbody input")[0].Change(true));
        await page.InvokeAsync(() => page.FindAll("tbody input")[1].Change(true));
        await PressAsync("Delete");
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").First(b => b.TextContent == "Cancel").Click());
        Assert.Empty(Store.Deleted);
        await PressAsync("Delete");
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").First(b => b.TextContent == "Delete").Click());
        page.WaitForAssertion(() => Assert.Equal(2, Store.Deleted.Count));

        Task PressAsync(string text) => page.InvokeAsync(() => page.FindAll(".filter-line button").First(b => b.TextContent == text).Click());
    }

    [Fact]
    public async Task Address_WithFilters_IsReadAndWrittenBack()
    {
        await KeepAsync("by hand");
        await Store.AddAsync(new NewSnapshot { Snapshot = Samples.Small(), HostId = "h", HostName = "h", Label = "by rule", Cause = SnapshotCause.Rule }, Stop);
        Navigation.NavigateTo("/snapshots?origin=rule&pinned=bogus&pid=x");
        var page = Render<SnapshotsPage>();
        Assert.Contains("by rule", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".sort-button").First(b => b.TextContent.StartsWith("Private", StringComparison.Ordinal)).Click());
        Assert.Equal("descending", page.FindAll("th").First(h => h.TextContent.StartsWith("Private", StringComparison.Ordinal)).GetAttribute("aria-sort"));
        Assert.Equal("/snapshots?origin=rule&sort=private", App.Invocations.Last(i => i.Identifier == "replaceUrl").Arguments[0]);
        await page.InvokeAsync(() => page.Find("select").Change(""));
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
    }

    [Fact]
    public void Retention_WithHosts_TellsLimitsRoomAndWhatGoesNext()
    {
        Retention.State = new RetentionState(
            new RetentionSettings { Days = 30, CountPerHost = 200, BytesPerHost = 0 },
            [new HostUsage("alpha", "Alpha", 50, 1 << 20, 2, 2048, "oldest", Samples.Noon, Samples.Noon.AddDays(30))], [], new StoreSpace(3 << 20, 1 << 20, true), 1);
        var panel = Render<SnapshotsPage>().Find(".retention");
        Assert.Contains("Of each host up to 30 days, 200 snapshots are kept", panel.TextContent, StringComparison.Ordinal);
        Assert.Contains("25 %", panel.TextContent, StringComparison.Ordinal);
        Assert.Contains("by 2026-12-22 at the latest", panel.TextContent, StringComparison.Ordinal);
        Assert.Contains("1.0 MiB of the file are unused and will be given back", panel.TextContent, StringComparison.Ordinal);
        Assert.Equal("/snapshots/oldest", panel.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Retention_LimitsSet_HoldFromThenOn()
    {
        var page = Render<SnapshotsPage>();
        await page.InvokeAsync(() => page.FindAll(".retention-form input")[0].Change("-1"));
        await page.InvokeAsync(() => page.Find(".retention-form").Submit());
        Assert.Contains("days are from 0", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".retention-form input")[0].Change("7"));
        await page.InvokeAsync(() => page.Find(".retention-form").Submit());
        Assert.Equal(7, Retention.State.Settings.Days);
        Assert.Contains("7 days", page.Find(".retention summary").TextContent, StringComparison.Ordinal);
    }

    private static string? Link(IRenderedComponent<SnapshotsPage> page, string text) =>
        page.FindAll(".filter-line a").First(a => a.TextContent == text).GetAttribute("href");

    private async Task<string> KeepAsync(string label, string host = "load-test-07") => (await Store.AddAsync(Samples.Small(), host, host, label, Stop)).Id;
}
