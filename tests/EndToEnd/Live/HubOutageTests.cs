using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Live;

/// <summary>The hub goes away under an open page and comes back.</summary>
public sealed class HubOutageTests(DemoSystem demo) : BrowserTest(demo)
{
    // The agent asks a hub that has gone again after up to 15 seconds.
    private const float AgentComesBack = 60_000;

    [Fact]
    public async Task Hub_StoppedAndStartedAgain_PageComesBackByItselfAsItWas()
    {
        using var target = Target.Idle();
        await using var hub = await OwnHub.StartAsync();
        await using var agent = await SecondAgent.StartAsync(hub.AgentUrl, "alone");
        // Its console complains of the connection, as it should: this page is not among those that must be quiet.
        await using var context = await Demo.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = new WorkbenchPage(await context.NewPageAsync());
        await page.Page.GotoAsync(hub.SignIn);
        await page.Page.GotoAsync($"{hub.Url}/hosts/alone/processes/{target.Pid}?view=map&cat=Image&every=1000");
        await page.ShowsAPictureAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("start="));
        var url = page.Page.Url;
        var figures = await page.FiguresAsync("Image");

        await hub.KillAsync();
        var banner = page.Page.Locator("#components-reconnect-modal");
        await Expect(banner.Locator(".when-trying")).ToBeVisibleAsync();
        await Expect(banner.Locator(".when-trying")).ToContainTextAsync("What you see is the last picture");
        Assert.Equal(figures, await page.FiguresAsync("Image"));
        Assert.True(await page.ColoursAsync() > 3, "The last picture is gone.");

        await hub.StartAgainAsync();
        await Expect(banner).ToBeHiddenAsync(new() { Timeout = AgentComesBack });
        await Expect(page.State).ToContainTextAsync("live", new() { Timeout = AgentComesBack });
        await page.ShowsAPictureAsync();
        await Expect(page.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Equal(url, page.Page.Url);
        Assert.Equal(figures["Size"], await page.FigureAsync("Image", "Size"));
    }
}
