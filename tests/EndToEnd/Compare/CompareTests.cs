using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Compare;

/// <summary>Two snapshots of a program that leaks, compared in a browser.</summary>
public sealed class CompareTests(DemoSystem demo) : BrowserTest(demo)
{
    [Fact]
    public async Task Compare_ALeak_ShowsTheHeapOnTopAndKeepsItsStateOverAReload()
    {
        var (before, after, leaked) = await LeakAsync();
        // The program's own heap: what a runtime does beside it is another category.
        var page = await OpenAsync($"/compare?a={before}&b={after}&by=private&cat=Heap&sort=-delta");
        var rows = page.GetByRole(AriaRole.Treegrid, new() { Name = "Changed allocations and their regions" }).Locator(".grid-body [role=row]");
        // Every 64 MiB the allocator begins a new heap: then that is what is added, beside the full one that has grown.
        await Expect(rows.First).ToContainTextAsync(new Regex("\\+ (grown|added)"));
        await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex("^Treemap of [1-9].*what changed, by private"));
        // What the program itself says it has taken, against what the page says has grown.
        var grown = (await rows.Locator("[role=gridcell]:nth-child(3)").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.title)"))
            .Sum(title => long.Parse(Regex.Match(title, "^[-+\u2212]?[0-9,]+").Value.Replace('\u2212', '-'), NumberStyles.Number, CultureInfo.InvariantCulture));
        Assert.InRange(grown, leaked * 0.5, leaked * 1.3 + (1 << 20));
        await Expect(rows.First.Locator(".growth").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter the changes" }).FillAsync("prot:rw");
        await rows.First.ClickAsync();
        await Expect(page.Locator(".details-selected")).ToBeVisibleAsync();
        await page.Locator(".wvm-overlay").FocusAsync();
        var difference = await PixelsAsync(page);
        await page.Keyboard.PressAsync("1");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Before" })).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex("as they were before"));
        Assert.NotEqual(difference, await PixelsAsync(page));
        await Expect(page).ToHaveURLAsync(new Regex("side=before"));
        await Expect(page).ToHaveURLAsync(new Regex("sel=a"));

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Before" })).ToHaveAttributeAsync("aria-checked", "true");
        await Expect(page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter the changes" })).ToHaveValueAsync("prot:rw");
        await Expect(rows.First).ToHaveAttributeAsync("aria-selected", "true");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open" }).Last.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/snapshots/{after}.*sel=a"));
    }

    /// <summary>Two snapshots of the demonstration, and how many bytes it says that it has leaked between them: twenty orders of 24 KiB a second.</summary>
    private async Task<(string Before, string After, double Leaked)> LeakAsync()
    {
        // The one that run.sh starts: its start-up is over.
        var pid = int.Parse(new Uri(Demo.LandingUrl).Segments[^1], CultureInfo.InvariantCulture);
        var before = await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid, "before");
        var started = await TakenAtAsync(before);
        // Time is what a leak needs; how much of it there was is read from the snapshots.
        await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
        var after = await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid, "after");
        return (before, after, (await TakenAtAsync(after) - started).TotalSeconds * 20 * 24 * 1024);
    }

    private async Task<DateTimeOffset> TakenAtAsync(string id) =>
        (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}")).GetProperty("takenAt").GetDateTimeOffset();

    private static Task<string> PixelsAsync(IPage page) => page.Locator(".wvm-canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");
}
