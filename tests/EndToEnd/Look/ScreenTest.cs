using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Look;

/// <summary>A test that opens any of the <see cref="Screens"/>.</summary>
public abstract class ScreenTest(DemoSystem demo) : BrowserTest(demo)
{
    /// <summary>Opens one and waits until it shows what it is for.</summary>
    protected async Task<IPage> OpenScreenAsync(string name, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var snapshot = name switch
        {
            "snapshot" or "snapshots" => await TakeAsync(),
            "comparison" or "changed addresses" => $"a={await TakeAsync()}&b={await TakeAsync()}",
            "trend" => $"ids={await TakeAsync()},{await TakeAsync()},{await TakeAsync()},{await TakeAsync()}",
            "shared links" or "share" => await Demo.Api.ShareAsync(await TakeAsync()),
            "recordings" or "recording" => await RecordAsync(),
            _ => "",
        };
        var page = await OpenAsync(Screens.Path(name, Demo, snapshot), width, height, colours);
        var ready = name switch
        {
            "hosts" => page.GetByRole(AriaRole.Article).First,
            "processes" or "processes of a host" => page.Locator(".grid-body [role=row] a").First,
            "timeline" => page.Locator(".apexcharts-area-series path.apexcharts-area").First,
            "snapshots" or "shared links" => page.GetByRole(AriaRole.Row).Nth(1),
            "comparison" or "changed addresses" => page.Locator(".wvm-overlay[aria-label*='changed']"),
            "trend" => page.Locator(".trend-statement"),
            // On a phone each is a card, and there is no head.
            "recordings" => page.Locator(".recordings tbody tr").First,
            "recording" => page.Locator(".wvm-overlay[aria-label^='Flame graph of']"),
            "unknown host" => page.Locator(".message"),
            "schedules" => page.Locator(".message").Or(page.GetByRole(AriaRole.Row).Nth(1)).First,
            _ => null,
        };
        if (ready is null)
        {
            await new WorkbenchPage(page).ShowsAPictureAsync();
        }
        else
        {
            await Expect(ready).ToBeVisibleAsync();
        }
        return page;
    }

    // A program that ends by itself: what is shown no longer changes.
    private Task<string> RecordAsync() => Demo.Api.RecordAsync(Demo.HostId, "/usr/bin/perl", "-e", "push @kept, 'x' x 100000 for 1..50; select(undef, undef, undef, 2)");

    private Task<string> TakeAsync() => Demo.Api.TakeSnapshotAsync(Demo.HostId, Environment.ProcessId, "this test");
}
