using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
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

    [Fact(Explicit = true)]
    public async Task Docs_PicturesOfWhatIsKept_AreTaken()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_folder), $"{Variable} names no folder.");
        Directory.CreateDirectory(_folder);
        var process = new Uri(Demo.LandingUrl);
        var pid = int.Parse(process.Segments[^1], CultureInfo.InvariantCulture);
        var ids = new List<string>();
        foreach (var label in (string[])["before the load", "", "", "", "", "after the load"])
        {
            ids.Add(await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid, label));
            // Time is what a leak needs.
            await Task.Delay(TimeSpan.FromSeconds(6), Cancellation);
        }

        var compare = await OpenAsync($"/compare?a={ids[0]}&b={ids[^1]}");
        await Expect(compare.Locator(".wvm-overlay[aria-label*='changed']")).ToBeVisibleAsync();
        await Expect(compare.Locator(".grid-body [role=row]").First).ToBeVisibleAsync();
        await TakeAsync(compare, "compare");

        var trend = await OpenAsync($"/trend?ids={string.Join(',', ids)}");
        await Expect(trend.Locator(".trend-statement")).ToBeVisibleAsync();
        await TakeAsync(trend, "trend");

        var live = new WorkbenchPage(await OpenAsync(process.PathAndQuery));
        await live.ShowsAPictureAsync();
        await Expect(live.Page.Locator(".history-mark")).ToHaveCountAsync(ids.Count);
        await live.Page.Locator(".history-mark").First.ClickAsync();
        await live.Page.Locator(".history-mark").Last.ClickAsync();
        await TakeAsync(live.Page, "history");
        await live.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^largest free ") }).ClickAsync();
        await Expect(live.Page.GetByRole(AriaRole.Region, new() { Name = "Fragmentation over time" })).ToBeVisibleAsync();
        await TakeAsync(live.Page, "fragmentation");

        var list = await OpenAsync("/snapshots?q=webvmmap-demo");
        await Expect(list.GetByRole(AriaRole.Row)).ToHaveCountAsync(ids.Count + 1);
        await TakeAsync(list, "kept");

        using var made = await Demo.Api.PostAsJsonAsync($"/api/v1/snapshots/{ids[^1]}/shares", new { name = "After the load test" }, Cancellation);
        var share = new WorkbenchPage(await OpenAsync(JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancellation)).Text("url")));
        await share.ShowsAPictureAsync();
        await TakeAsync(share.Page, "share");
    }

    [Fact(Explicit = true)]
    public async Task Docs_PictureOfARecording_IsTaken()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(_folder), $"{Variable} names no folder.");
        Directory.CreateDirectory(_folder);
        var page = await OpenAsync(new Uri(Demo.LandingUrl).PathAndQuery);
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/recordings/[^/]+$"), new() { Timeout = 60_000 });
        try
        {
            // Time is what a leak needs.
            await Task.Delay(TimeSpan.FromSeconds(40), Cancellation);
            var leak = page.GetByRole(AriaRole.Treegrid).Locator("[role=row]").Filter(new() { HasText = "OrderService.TakeOrder" }).First;
            await page.GetByRole(AriaRole.Button, new() { Name = "Hot path" }).ClickAsync();
            await leak.ClickAsync();
            await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex(@"^Flame graph of [1-9][\d,]* calls"));
            await TakeAsync(page, "recording");
        }
        finally
        {
            using var stopped = await Demo.Api.PostAsync($"/api/v1/recordings/{new Uri(page.Url).Segments[^1]}/stop", null, CancellationToken.None);
        }
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
