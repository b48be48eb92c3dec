using System.Net;
using Microsoft.Playwright;

namespace WebVmMap.EndToEnd.SignIn;

public sealed class SignInTests(DemoSystem demo)
{
    [Fact]
    public void AccessLine_Opened_LandsOnTheDemonstration()
    {
        Assert.Matches($@"^{Origin}/hosts/[\w.-]+/processes/\d+$", new Uri(demo.LandingUrl).GetLeftPart(UriPartial.Path));
        var pid = new Uri(demo.LandingUrl).Segments[^1];
        Assert.EndsWith("webvmmap-demo", File.ReadAllText($"/proc/{pid}/cmdline").Split('\0')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessLine_SecondTime_IsRefusedWithTheReason()
    {
        await using var context = await demo.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(demo.UsedLoginUrl);
        Assert.Equal((int)HttpStatusCode.Unauthorized, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in to WebVmMap" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("This sign-in link was used already")).ToBeVisibleAsync();
        Assert.Empty(await context.CookiesAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/processes")]
    [InlineData("/snapshots/1")]
    public async Task Page_NotSignedIn_SaysHowToSignIn(string path)
    {
        await using var context = await demo.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync(demo.Url + path);
        Assert.Equal((int)HttpStatusCode.Unauthorized, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Open the link that the hub printed when it started");
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("webvmmap-hub login-link");
    }

    [Fact]
    public async Task Cookie_AfterSignIn_IsKeptFromScriptsAndOtherSites()
    {
        await using var context = await demo.Browser.NewContextAsync(new() { StorageState = demo.SignedInState });
        var cookie = Assert.Single(await context.CookiesAsync(), c => c.Name == "webvmmap");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{demo.Url}/hosts");
        Assert.DoesNotContain(cookie.Value, await page.EvaluateAsync<string>("document.cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_Headers_LetNothingInFromElsewhere()
    {
        await using var context = await demo.Browser.NewContextAsync(new() { StorageState = demo.SignedInState });
        var page = await context.NewPageAsync();
        var answer = await page.GotoAsync($"{demo.Url}/hosts");
        var policy = answer!.Headers["content-security-policy"];
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("no-store", answer.Headers["cache-control"], StringComparison.Ordinal);
    }

    private string Origin => System.Text.RegularExpressions.Regex.Escape(demo.Url);
}
