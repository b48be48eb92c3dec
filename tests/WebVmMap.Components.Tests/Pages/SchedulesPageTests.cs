using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Pages;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Components.Tests.Pages;

public sealed class SchedulesPageTests : PagesContext
{
    private static readonly Schedule s_hourly = new()
    {
        Id = "hourly",
        HostId = "load-test-07",
        ProcessName = "node",
        Trigger = ScheduleTrigger.Interval,
        Minutes = 60,
        CreatedAt = Samples.Noon,
        LastTriedAt = Samples.Noon,
        LastError = "The agent of load-test-07 is not connected",
        TakenCount = 3,
        SkippedCount = 2,
    };

    [Fact]
    public void Schedules_None_TellsHowToMakeOne() =>
        Assert.Contains("press Schedule", Render<SchedulesPage>().Find(".message").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Schedules_WithAnError_ShowFiguresAndWhy()
    {
        Hosts.Set(FakeHosts.Linux);
        Schedules.Set(s_hourly);
        var page = Render<SchedulesPage>();
        Assert.Equal(
            ["every node", "load-test-07", "every 1 h", "2026-11-22 13:00", "never", "3", "2", ""],
            page.FindAll("tbody tr")[0].QuerySelectorAll("td").SkipLast(1).Select(c => c.TextContent.Trim().Replace("taken by a schedule", "", StringComparison.Ordinal).Trim()));
        Assert.Contains("is not connected", page.Find(".row-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_PausedAndDeleted_IsSoInTheStore()
    {
        Schedules.Set(s_hourly);
        var page = Render<SchedulesPage>();
        await PressAsync("Pause");
        page.WaitForAssertion(() => Assert.Contains("paused", page.Find("tbody tr").ClassName, StringComparison.Ordinal));
        Assert.False(Schedules.All[0].Enabled);
        await PressAsync("Go on");
        page.WaitForAssertion(() => Assert.DoesNotContain("paused", page.Find("tbody tr").ClassName ?? "", StringComparison.Ordinal));
        Assert.True(Schedules.All[0].Enabled);
        await PressAsync("Delete");
        Assert.Empty(Schedules.Deleted);
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("button").First(b => b.TextContent == "Delete").Click());
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".message")));
        Assert.Equal("hourly", Assert.Single(Schedules.Deleted).Id);

        // Found and pressed in one go: the page may render again because its schedules changed.
        Task PressAsync(string text) => page.InvokeAsync(() => page.FindAll("tbody button").First(b => b.TextContent.StartsWith(text, StringComparison.Ordinal)).Click());
    }

    [Fact]
    public async Task History_OfAProcess_MarksOpensAndCompares()
    {
        var stop = TestContext.Current.CancellationToken;
        var empty = RenderHistory();
        Assert.Contains("no snapshot of this process", empty.Markup, StringComparison.Ordinal);
        var a = await Store.AddAsync(Samples.Small(), "load-test-07", "load-test-07", "first", stop);
        var b = await Store.AddAsync(new NewSnapshot { Snapshot = Samples.Small(), HostId = "load-test-07", HostName = "load-test-07", Cause = SnapshotCause.Rule }, stop);
        var history = RenderHistory();
        var marks = history.FindAll(".history-mark");
        Assert.Equal(["taken by hand", "taken by a rule"], marks.Select(m => m.QuerySelector("svg")!.GetAttribute("aria-label")));
        Assert.Contains("“first”", marks[0].GetAttribute("title"), StringComparison.Ordinal);
        await history.InvokeAsync(() => history.FindAll(".history-mark")[1].Click());
        Assert.Equal($"/snapshots/{b.Id}", history.Find(".history-choice a").GetAttribute("href"));
        await history.InvokeAsync(() => history.FindAll(".history-mark")[0].Click());
        Assert.Equal($"/compare?a={a.Id}&b={b.Id}", history.Find(".history-choice a").GetAttribute("href"));
    }

    [Fact]
    public async Task History_ScheduleMade_WatchesThisLifeWithTheGivenLimit()
    {
        var history = RenderHistory();
        await history.InvokeAsync(() => history.Find(".link-button").Click());
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("[name=trigger]")[1].Change("on"));
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input[type=number]")[0].Input("0"));
        await PressAsync("Make");
        Assert.Contains("more than 0 bytes", Dialogs.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        await Dialogs.InvokeAsync(() => Dialogs.FindAll("input[type=number]")[0].Input("1.5"));
        await PressAsync("Make");
        history.WaitForAssertion(() => Assert.Single(Schedules.All));
        var made = Schedules.All[0];
        Assert.Equal((ScheduleTrigger.PrivateAbove, 3L << 19, 24711, Samples.StartStamp, 30), (made.Trigger, made.LimitBytes, made.Pid, made.StartStamp, made.Minutes));

        Task PressAsync(string text) => Dialogs.InvokeAsync(() => Dialogs.FindAll("button").First(b => b.TextContent == text).Click());
    }

    private IRenderedComponent<ProcessHistory> RenderHistory() => Render<ProcessHistory>(p => p
        .Add(h => h.HostId, "load-test-07").Add(h => h.Process, Samples.Node.Key).Add(h => h.ProcessName, "node"));
}
