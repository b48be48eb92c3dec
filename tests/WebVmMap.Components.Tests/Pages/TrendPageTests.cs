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
        await page.InvokeAsync(() => page.Find("button[aria-label='1 region of [heap]']").ClickAsync(new MouseEventArgs()));
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

    [Fact]
    public async Task Trend_TakesLongerThanASecond_TellsHowManyAreRead()
    {
        // The test goes on beside the reading, not within it.
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HoldTheFourth(_ =>
        {
            reached.SetResult();
            return goesOn.Task;
        });
        var page = await OpenAsync(8);
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Reading the snapshots of the process…", page.Find("[role=status]").TextContent.Trim());

        Time.Advance(TimeSpan.FromSeconds(2));

        page.WaitForAssertion(() => Assert.Equal("Reading the snapshots of the process, 3 of 8, 2 s…", page.Find("[role=status]").TextContent.Trim()));
        goesOn.SetResult();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".trend-group")));
    }

    [Fact]
    public async Task Trend_LeftWhileItReads_EndsTheReading()
    {
        var reached = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        HoldTheFourth(cancellation =>
        {
            var forEver = Task.Delay(Timeout.Infinite, cancellation);
            reached.SetResult(forEver);
            return forEver;
        });
        var page = await OpenAsync(8);
        var waits = await reached.Task.WaitAsync(TestContext.Current.CancellationToken);

        await page.InvokeAsync(async () => await ((IAsyncDisposable)page.Instance).DisposeAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, Store.Loaded.Count);
    }

    [Fact]
    public async Task OfProcessAsync_CancelledBetweenTwoSnapshots_ReadsNoMore()
    {
        await KeepAsync(8);
        using var leaves = new CancellationTokenSource();
        HoldTheFourth(_ => leaves.CancelAsync());
        using var trends = new SnapshotTrends(Store);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => trends.OfProcessAsync("load-test-07", Samples.Node.Key.Pid, null, RegionMetric.Private, null, leaves.Token));
        Assert.Equal(4, Store.Loaded.Count);
    }

    [Fact]
    public async Task Trend_OpenedAgain_IsNotReadAgainUntilThereIsAnotherSnapshot()
    {
        var page = await OpenAsync(8);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".trend-group")));
        Assert.Equal(8, Store.Loaded.Count);

        var again = Render<TrendPage>();
        again.WaitForAssertion(() => Assert.NotEmpty(again.FindAll(".trend-group")));

        Assert.Equal(8, Store.Loaded.Count);
        await KeepAsync(1);
        var third = Render<TrendPage>();
        third.WaitForAssertion(() => Assert.NotEmpty(third.FindAll(".trend-group")));
        Assert.Equal(17, Store.Loaded.Count);
    }

    private void HoldTheFourth(Func<CancellationToken, Task> hold) =>
        Store.Loading = (id, cancellation) => id == "snapshot-0000000000004" ? hold(cancellation) : Task.CompletedTask;

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
