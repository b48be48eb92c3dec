using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Workbench;

public sealed class ProcessPageTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private readonly Target _target = Target.Idle();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Page_AtDesktopSize_AnswersOnOneScreen()
    {
        var page = await OpenProcessAsync(_target.Pid);
        foreach (var bar in (string[])["Committed", "Private", "Working set"])
        {
            await Expect(page.Overview.GetByRole(AriaRole.Img, new() { NameRegex = new($"^{bar} [1-9].*: .*(Image|Heap)") })).ToBeVisibleAsync();
        }
        await Expect(page.Page).ToHaveTitleAsync(new Regex($@"^cat \({_target.Pid}\) on .+ · WebVmMap$"));
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("cat");
        Assert.True(await page.ColoursAsync() > 3, "The canvas is blank.");
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight"), "The page is higher than the screen.");
        foreach (var part in (ILocator[])[page.Overview, page.Summary, page.Canvas, page.Rows.First])
        {
            await Expect(part).ToBeInViewportAsync();
        }
    }

    [Fact]
    public async Task Category_Clicked_IsSelectedEverywhere()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var all = await page.PixelsAsync();
        await page.Category("Image").ClickAsync();

        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Rows.Filter(new() { HasNotText = "Image" })).ToHaveCountAsync(0);
        Assert.True(await page.Rows.CountAsync() > 1);
        await Expect(page.Overview.Locator(".bar-part.dimmed").First).ToBeAttachedAsync();
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex(@"Category Image\."));
        await page.RepaintedAsync(all);
        await Expect(page.Page).ToHaveURLAsync(new Regex("[?&]cat=Image"));

        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Canvas).Not.ToHaveAttributeAsync("aria-label", new Regex("Category"));
        Assert.Equal(all, await page.PixelsAsync());
    }

    [Fact]
    public async Task AddressMap_Chosen_DrawsAnotherPicture()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var treemap = await page.PixelsAsync();
        await page.Tab("Address map").ClickAsync();
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex("^Address map of "));
        await Expect(page.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        Assert.True(await page.ColoursAsync() > 3, "The canvas is blank.");
        await page.RepaintedAsync(treemap);
        await page.Page.Keyboard.PressAsync("1");
        await Expect(page.Tab("Treemap")).ToHaveAttributeAsync("aria-selected", "true");
    }

    [Fact]
    public async Task Timeline_Chosen_DrawsTheCategories()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000");
        await page.Tab("Timeline").ClickAsync();
        var chart = page.Page.Locator(".timeline-chart");
        await Expect(chart.Locator(".apexcharts-area-series path.apexcharts-area").First).ToBeAttachedAsync();
        await Expect(chart).ToBeVisibleAsync();
        await Expect(page.Canvas).ToBeHiddenAsync();
        await page.ChooseAsync("show", "committed");
        await Expect(page.Page).ToHaveURLAsync(new Regex("time=committed"));
    }

    [Fact]
    public async Task Area_Changed_RedrawsByThatFigure()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.ChooseAsync("area", "size");
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex("regions by size"));
        var byCategory = await page.PixelsAsync();
        await page.ChooseAsync("colour", "protection");
        // The legend is written with the picture.
        await Expect(page.Page.GetByRole(AriaRole.List, new() { Name = "Colours" })).Not.ToContainTextAsync("Image");
        await page.RepaintedAsync(byCategory);
    }

    [Fact]
    public async Task Treemap_Keys_SelectZoomAndGoBack()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.Canvas.FocusAsync();
        var crumbs = page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Zoomed to" });
        await Expect(crumbs.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        await page.Page.Keyboard.PressAsync("ArrowDown"); // the largest category
        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Page.Keyboard.PressAsync("ArrowDown"); // its largest file
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync("selected 1 allocation");
        await Expect(page.Grid.Locator("[role=row][aria-selected=true]").First).ToContainTextAsync("libc");
        await Expect(page.Page).ToHaveURLAsync(new Regex("sel=g"));

        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(crumbs.GetByRole(AriaRole.Button)).Not.ToHaveCountAsync(0);
        await Expect(crumbs).ToContainTextAsync("libc");
        await Expect(page.Page).ToHaveURLAsync(new Regex("zoom=g"));

        await page.Page.Keyboard.PressAsync("0");
        await Expect(crumbs.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Details.Locator(".details-selected")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Treemap_Hovered_SaysWhatTheBoxIs()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var box = await page.Canvas.BoundingBoxAsync();
        await page.Page.Mouse.MoveAsync(box!.X + box.Width / 2, box.Y + box.Height / 2);
        var tip = page.Page.Locator(".wvm-tooltip");
        await Expect(tip).ToBeVisibleAsync();
        await Expect(tip).ToContainTextAsync("0x");
        await Expect(tip).ToContainTextAsync("Working set");
        await page.Page.Mouse.ClickAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await Expect(page.Grid.Locator("[role=row][aria-selected=true]").First).ToBeInViewportAsync();
    }
}
