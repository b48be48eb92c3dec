using System.Net;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Security;

public sealed class SignInTests
{
    [Fact]
    public async Task Login_ValidToken_GivesStrictCookieAndDropsToken()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.GetAsync($"/login?t={await hub.LoginTokenAsync()}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Login_TokenUsedAgain_IsRefusedAndSaysHow()
    {
        await using var hub = await TestHub.StartAsync();
        var token = await hub.LoginTokenAsync();
        using var client = hub.Client();
        using var first = await client.GetAsync($"/login?t={token}", TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/login?t={token}") { Headers = { { "Accept", "text/html" } } };
        using var second = await client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Contains("login-link", await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Login_ManyAtOnceWithOneToken_LetsOneIn()
    {
        await using var hub = await TestHub.StartAsync();
        var token = await hub.LoginTokenAsync();
        var tokens = hub.Get<LoginTokens>();
        var used = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => tokens.TryUseAsync(token, CancellationToken.None))));
        Assert.Single(used, won => won);
    }

    [Fact]
    public async Task Login_OutOfDateToken_IsRefused()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        var tokens = hub.Get<LoginTokens>();
        var token = await tokens.CreateAsync(LoginTokens.OnDemandLifetime, only: false, CancellationToken.None);
        time.Advance(LoginTokens.OnDemandLifetime + TimeSpan.FromSeconds(1));
        Assert.False(await tokens.TryUseAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task Login_EleventhTryInAMinute_Is429()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var refused = await client.GetAsync("/login?t=wrong", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        using var answer = await client.GetAsync("/login?t=wrong", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Page_WithCookie_IsServedAndCookieOutlivesRestart()
    {
        using var folder = new TestFolder();
        string cookie;
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            cookie = await hub.CookieAsync();
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        using var client = restarted.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/hosts") { Headers = { { "Cookie", cookie } } };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Page_LinkFromAnotherSite_LoadsOnceMoreInsteadOfAskingToSignIn()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/")
        {
            Headers = { { "Accept", "text/html" }, { "Sec-Fetch-Mode", "navigate" }, { "Sec-Fetch-Site", "cross-site" } },
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("http-equiv=\"refresh\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowAnonymous_NoSignIn_IsServed()
    {
        await using var hub = await TestHub.StartAsync(options => options with { AllowAnonymous = true });
        using var client = hub.Client();
        using var answer = await client.GetAsync("/api/v1/hosts", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
