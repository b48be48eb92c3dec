using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Workbench;

/// <summary>Fingers on the pictures of a phone, through the browser's own way from touches to scrolling and zooming.</summary>
public sealed class TouchTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private readonly Target _target = Target.Idle();

    public void Dispose() => _target.Dispose();

    [Theory]
    [InlineData("treemap")]
    [InlineData("map")]
    public async Task TwoFingers_MovedApart_ZoomThePictureAndNotThePage(string view)
    {
        var (page, touch) = await OpenOnAPhoneAsync(view);
        var before = await page.PixelsAsync();
        var (x, y) = await MiddleAsync(page);
        await SendAsync(touch, "touchStart", (x, y - 20), (x, y + 20));
        for (var apart = 30; apart <= 150; apart += 10)
        {
            await SendAsync(touch, "touchMove", (x, y - apart), (x, y + apart));
        }
        await SendAsync(touch, "touchEnd");

        // Zoomed in, one finger is the picture's too.
        await Expect(page.Canvas).ToHaveCSSAsync("touch-action", "none");
        await page.RepaintedAsync(before);
        Assert.Equal(1, await page.Page.EvaluateAsync<double>("visualViewport.scale"));
        Assert.Equal((x, y), await MiddleAsync(page));
    }

    [Fact]
    public async Task OneFinger_OnThePictureUnzoomed_ScrollsThePage()
    {
        var (page, touch) = await OpenOnAPhoneAsync("treemap");
        var (x, y) = await MiddleAsync(page);
        await SendAsync(touch, "touchStart", (x, y));
        for (var moved = 20; moved <= 160; moved += 20)
        {
            await SendAsync(touch, "touchMove", (x, y - moved));
        }
        await SendAsync(touch, "touchEnd");
        await page.Page.WaitForFunctionAsync("y => { const { top, height } = document.querySelector('.wvm-overlay').getBoundingClientRect(); return top + height / 2 < y - 50 }", y);
        await Expect(page.Canvas).ToHaveCSSAsync("touch-action", "pan-y");
    }

    [Fact]
    public async Task Tap_OnThePicture_SelectsWhatIsThere()
    {
        var (page, _) = await OpenOnAPhoneAsync("treemap");
        var (x, y) = await MiddleAsync(page);
        await page.Page.Touchscreen.TapAsync((float)x, (float)y);
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync("selected 1 ");
    }

    private async Task<(WorkbenchPage Page, ICDPSession Touch)> OpenOnAPhoneAsync(string view)
    {
        var context = await Demo.Browser.NewContextAsync(new()
        {
            StorageState = Demo.SignedInState,
            ViewportSize = new() { Width = 390, Height = 844 },
            HasTouch = true,
            IsMobile = true,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var opened = Keep(new BrowserPage(await context.NewPageAsync()));
        await opened.GotoAsync($"{Demo.Url}/hosts/{Demo.HostId}/processes/{_target.Pid}?view={view}&every=0");
        var page = new WorkbenchPage(opened.Page);
        await page.ShowsAPictureAsync();
        await page.Canvas.EvaluateAsync("canvas => canvas.scrollIntoView({ block: 'center' })");
        return (page, await context.NewCDPSessionAsync(opened.Page));
    }

    private static async Task<(double X, double Y)> MiddleAsync(WorkbenchPage page)
    {
        var box = await page.Canvas.BoundingBoxAsync();
        return (Math.Round(box!.X + box.Width / 2), Math.Round(box.Y + box.Height / 2));
    }

    private static Task<JsonElement?> SendAsync(ICDPSession touch, string type, params (double X, double Y)[] fingers) => touch.SendAsync("Input.dispatchTouchEvent", new()
    {
        ["type"] = type,
        ["touchPoints"] = fingers.Select((finger, id) => new { x = finger.X, y = finger.Y, id }).ToArray(),
    });
}
