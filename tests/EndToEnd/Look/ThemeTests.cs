using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Look;

public sealed class ThemeTests(DemoSystem demo) : ScreenTest(demo)
{
    [Theory]
    [InlineData("dark", ColorScheme.Light)]
    [InlineData("dark", ColorScheme.Dark)]
    [InlineData("light", ColorScheme.Dark)]
    [InlineData("light", ColorScheme.Light)]
    [InlineData("system", ColorScheme.Dark)]
    [InlineData("system", ColorScheme.Light)]
    public async Task FirstPaint_BeforeAnyScript_HasTheTheme(string choice, ColorScheme system)
    {
        // Without scripts the page stays as it is first painted.
        await using var context = await Demo.Browser.NewContextAsync(new() { StorageState = Demo.SignedInState, ColorScheme = system, JavaScriptEnabled = false });
        await context.AddCookiesAsync([new() { Name = "webvmmap-theme", Value = choice, Url = Demo.Url }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Demo.Url}/hosts");
        var isDark = choice == "dark" || (choice == "system" && system == ColorScheme.Dark);
        var background = await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor");
        Assert.Equal(isDark, Luminance(background) < 0.2);
        Assert.Equal(!isDark, Luminance(background) > 0.8);
    }

    [Fact]
    public async Task Theme_Chosen_HoldsEverywhereAndAfterReload()
    {
        var page = new WorkbenchPage(await OpenScreenAsync("process"));
        var light = await page.PixelsAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Theme: As the system" }).ClickAsync();
        await page.Page.Locator(".mud-popover-open").GetByText("Dark", new() { Exact = true }).ClickAsync();
        await Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(page.Page.Locator(".wvm-regions")).ToHaveAttributeAsync("data-theme", "dark");
        await page.RepaintedAsync(light);

        var answer = await page.Page.ReloadAsync();
        Assert.Matches(new Regex("<html[^>]* data-theme=\"dark\""), await answer!.TextAsync());
        await page.ShowsAPictureAsync();
        await Expect(page.Page.Locator(".wvm-regions")).ToHaveAttributeAsync("data-theme", "dark");
        var cookie = Assert.Single(await page.Page.Context.CookiesAsync(), c => c.Name == "webvmmap-theme");
        Assert.Equal("dark", cookie.Value);
    }

    [Fact]
    public async Task SystemTheme_Changes_IsFollowed()
    {
        var page = await OpenScreenAsync("process");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(page.Locator(".wvm-regions")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private static double Luminance(string colour)
    {
        var parts = Regex.Matches(colour, @"\d+").Select(m => int.Parse(m.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) / 255.0).ToArray();
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }
}
