using Microsoft.AspNetCore.Components.Web;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Pages;

public sealed class TrendPageTests : PagesContext
{
    private const long Mi = 1 << 20;
    private const Protection Rw = Protection.Read | Protection.Write;

    [Fact]
    public async Task Trend_LeakAndLoad_AreToldApart()
    {
        var page = await OpenAsync(8);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".trend-group")));
        Assert.Contains("1 thing grows on and on, above all [heap] (Heap)", page.Find(".trend-statement").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 thing grew once, 64.0 MiB in all", page.Find(".trend-statement").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Grows on and on 1", "Grew once, and stayed 1"], page.FindAll(".trend-group h2").Select(h => h.TextContent));
        var leak = page.FindAll(".trend-group")[0].QuerySelectorAll("tbody td").Select(cell => cell.TextContent).ToList();
        Assert.Equal("[heap]", leak[0]);
        Assert.Equal(["10.0 MiB", "17.0 MiB", "+7.0 MiB", "+1.0 MiB/h", "7 of 7"], leak[3..8]);
        Assert.Single(page.FindAll(".trend-group")[0].QuerySelectorAll("polyline"));
    }

    [Fact]
    public async Task Trend_RegionsOpened_LeadToTheComparisonOfFirstAndLast()
    {
        var page = await OpenAsync(8);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".trend-group button")));
        await page.Find("button[aria-label='1 region of [heap]']").ClickAsync(new MouseEventArgs());
        page.WaitForAssertion(() => Assert.Equal(
            "/compare?a=snapshot-0000000000001&b=snapshot-0000000000008&by=private&sel=r%3A0x2000000",
            page.Find(".trend-regions a").GetAttribute("href")));
    }

    [Fact]
    public async Task Trend_TooFew_SaysHowManyItNeeds()
    {
        var page = await OpenAsync(3);
        page.WaitForAssertion(() => Assert.Contains("A trend needs at least 4 snapshots of a process; there are 3", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trend_TwoProcesses_IsRefused()
    {
        await KeepAsync(4);
        var other = DiffSamples.Make(Samples.Noon.AddHours(9), Samples.Node with { Key = new(5, 5) });
        var id = (await Store.AddAsync(other, "h", "h", "", TestContext.Current.CancellationToken)).Id;
        Navigation.NavigateTo($"/trend?ids=snapshot-0000000000001,snapshot-0000000000002,snapshot-0000000000003,{id}");
        var page = Render<TrendPage>();
        page.WaitForAssertion(() => Assert.Contains("A trend is of one process", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trend_NothingChanged_SaysSo()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.AddAsync(DiffSamples.Before, "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        }
        Navigation.NavigateTo($"/trend?host=load-test-07&pid={Samples.Node.Key.Pid}");
        var page = Render<TrendPage>();
        page.WaitForAssertion(() => Assert.Contains("Nothing changed in Private.", page.Markup, StringComparison.Ordinal));
    }

    private async Task<IRenderedComponent<TrendPage>> OpenAsync(int count)
    {
        await KeepAsync(count);
        Navigation.NavigateTo($"/trend?host=load-test-07&pid={Samples.Node.Key.Pid}&start={Samples.StartStamp}");
        return Render<TrendPage>();
    }

    /// <summary>An hour apart: the heap grows by 1 MiB each time, and after the second one 64 MiB are mapped.</summary>
    private async Task KeepAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var rows = new List<(ulong, ulong, long, RegionCategory, Protection, string, long, long)>
            {
                (0x2000000, 0x2000000, (10 + i) * Mi, RegionCategory.Heap, Rw, "[heap]", Mi, (10 + i) * Mi),
            };
            if (i > 1)
            {
                rows.Add((0x7f0000000000, 0x7f0000000000, 64 * Mi, RegionCategory.PrivateData, Rw, "cache", Mi, 64 * Mi));
            }
            await Store.AddAsync(DiffSamples.Make(Samples.Noon.AddHours(i), Samples.Node, [.. rows]), "load-test-07", "load-test-07", "", TestContext.Current.CancellationToken);
        }
    }
}
