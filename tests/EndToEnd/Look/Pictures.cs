using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Look;

/// <summary>
/// Takes the README's pictures from the running program, into the folder that WEBVMMAP_PICTURES names:
/// <c>WEBVMMAP_PICTURES=docs/pictures dotnet run --project tests/EndToEnd -c Release -- -explicit only</c>.
/// </summary>
public sealed class Pictures(DemoSystem demo) : ScreenTest(demo)
{
    private const string Variable = "WEBVMMAP_PICTURES";

    private readonly string? _folder = Environment.GetEnvironmentVariable(Variable);

    [Fact(Explicit = true)]
    public async Task Readme_Pictures_AreTaken()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_folder), $"{Variable} names no folder.");
        Directory.CreateDirectory(_folder);
        var page = new WorkbenchPage(await OpenScreenAsync("process"));
        // With a minute of leak in the timeline.
        await Expect(page.Overview.GetByRole(AriaRole.Img, new() { NameRegex = new(@"over the last (\d{3}|[6-9]\d) s") })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await TakeAsync(page.Page, "process-light");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page.Page.Locator(".wvm-regions")).ToHaveAttributeAsync("data-theme", "dark");
        await TakeAsync(page.Page, "process-dark");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.Tab("Address map").ClickAsync();
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex("^Address map of "));
        await TakeAsync(page.Page, "address-map");
        await page.Tab("Timeline").ClickAsync();
        await Expect(page.Page.Locator(".apexcharts-area-series path.apexcharts-area").First).ToBeAttachedAsync();
        await TakeAsync(page.Page, "timeline");
        await TakeAsync(await OpenListAsync(1440, 900, ColorScheme.Light), "processes");
        await TakeAsync(await OpenScreenAsync("hosts"), "hosts");
        await TakeAsync(await OpenScreenAsync("snapshots"), "snapshots");
        await TakeAsync(await OpenScreenAsync("process", 390, 844), "phone");
        await TakeAsync(await OpenListAsync(390, 844, ColorScheme.Dark), "phone-processes-dark");
    }

    // Only of the product: what else runs on the machine that takes the pictures is nobody's business.
    private async Task<IPage> OpenListAsync(int width, int height, ColorScheme colours)
    {
        var page = await OpenAsync($"/hosts/{Demo.HostId}/processes?q=src%2FWebVmMap.&tree=0", width, height, colours);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "webvmmap-demo", Exact = true }).First).ToBeVisibleAsync();
        return page;
    }

    private Task<byte[]> TakeAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(_folder!, $"{name}.png") });
}
