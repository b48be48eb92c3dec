using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Live;

/// <summary>A host whose agent goes away and comes back.</summary>
[Collection(SecondAgent.Alone)]
public sealed class HostOutageTests(DemoSystem demo) : BrowserTest(demo)
{
    [Fact]
    public async Task Agent_KilledAndRestarted_PagesGreyAndComeBack()
    {
        using var target = Target.Idle();
        await using var agent = await SecondAgent.StartAsync(Demo, "second");
        var hosts = await OpenAsync("/hosts");
        var card = hosts.GetByRole(AriaRole.Article, new() { Name = "second" });
        await Expect(card.Locator(".host-state")).ToHaveTextAsync("online");

        var page = new WorkbenchPage(await OpenAsync($"/hosts/second/processes/{target.Pid}?every=1000"));
        await page.ShowsAPictureAsync();
        await Expect(page.State).ToContainTextAsync("live");
        var last = await page.FiguresAsync("Total");

        await agent.KillAsync();
        await Expect(page.Page.Locator(".banner")).ToContainTextAsync(new Regex(@"second is offline since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"));
        await Expect(page.State).ToHaveTextAsync("host offline");
        await Expect(page.Page.Locator(".workbench.stale")).ToBeVisibleAsync();
        Assert.Equal(last, await page.FiguresAsync("Total"));
        Assert.True(await page.ColoursAsync() > 3, "The last picture is gone.");
        await Expect(card.Locator(".host-state")).ToContainTextAsync("offline since");

        var processes = await Demo.Api.GetAsync("/api/v1/hosts/second/processes", Cancellation);
        Assert.Contains("second", await processes.ProblemAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        var snapshot = await Demo.Api.PostAsync($"/api/v1/hosts/second/processes/{target.Pid}/snapshots", null, Cancellation);
        Assert.Contains("not connected", await snapshot.ProblemAsync(HttpStatusCode.Conflict), StringComparison.Ordinal);
        // Opened only now, there is no last picture; the page says why.
        var late = await OpenAsync("/hosts/second/processes/1");
        await Expect(late.GetByRole(AriaRole.Heading, new() { Name = "There is no picture of" })).ToBeVisibleAsync();
        await Expect(late.GetByRole(AriaRole.Main)).ToContainTextAsync("start webvmmap-agent there");

        await agent.StartAsync();
        await Expect(page.State).ToContainTextAsync("live");
        await Expect(page.Page.Locator(".banner")).ToHaveCountAsync(0);
        await Expect(page.Page.Locator(".workbench.stale")).ToHaveCountAsync(0);
        await Expect(card.Locator(".host-state")).ToHaveTextAsync("online");
    }
}
