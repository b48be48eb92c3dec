using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Shares;

/// <summary>A snapshot shared by its page, opened by somebody who is not signed in, and taken back.</summary>
public sealed class ShareTests(DemoSystem demo) : BrowserTest(demo)
{
    // What a shared page may ask the hub for, and nothing else.
    private static readonly Regex s_allowed = new("^/(s/|_blazor|_framework/|_content/MudBlazor/|css/|js/|live/share|favicon\\.svg)");

    [Fact]
    public async Task Share_MadeOnThePage_OpensWithoutSignInShowsEveryViewAndEndsWhenRevoked()
    {
        using var target = Target.Idle();
        var name = Guid.NewGuid().ToString("n");
        var url = await ShareByPageAsync(target, name);

        await using var context = await Demo.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var stranger = await context.NewPageAsync();
        var requests = new List<IRequest>();
        stranger.Request += (_, request) => requests.Add(request);
        var sockets = new List<string>();
        stranger.WebSocket += (_, socket) => sockets.Add(new Uri(socket.Url).AbsolutePath);
        await using var watched = new BrowserPage(stranger);
        await watched.GotoAsync(url);
        var workbench = new WorkbenchPage(stranger);
        await workbench.ShowsAPictureAsync();
        await Expect(stranger.Locator(".shared-line")).ToContainTextAsync(name);
        await Expect(stranger.Locator(".shared-line")).ToContainTextAsync("Left out: command line, user, folders.");
        // No way leads to the rest.
        await Expect(stranger.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToHaveCountAsync(0);
        Assert.All(await stranger.GetByRole(AriaRole.Link).EvaluateAllAsync<string[]>("links => links.map(link => new URL(link.href).pathname)"), path => Assert.StartsWith("/s/", path, StringComparison.Ordinal));

        // Every view: the figures, both pictures, the filter, the details.
        Assert.True(await workbench.ColoursAsync() > 4, "The treemap is one colour.");
        await workbench.Tab("Address map").ClickAsync();
        await Expect(workbench.Canvas).ToHaveAttributeAsync("aria-label", new Regex("^Address map of [1-9]"));
        await Expect(stranger).ToHaveURLAsync(new Regex("/s/[A-Za-z0-9_-]{43}\\?.*view=map"));
        var all = await workbench.Count.InnerTextAsync();
        await workbench.Filter.FillAsync("cat:Image");
        await Expect(workbench.Count).Not.ToHaveTextAsync(all);
        await workbench.Filter.FillAsync("");
        await workbench.Rows.First.ClickAsync();
        await Expect(workbench.Details.Locator(".details-selected")).ToBeVisibleAsync();
        await stranger.GetByRole(AriaRole.Button, new() { NameRegex = new("^(notes|limited)$") }).ClickAsync();
        await Expect(stranger.GetByText("Agent's processor time")).ToBeVisibleAsync();
        await stranger.Keyboard.PressAsync("Escape");
        var everything = await stranger.ContentAsync();
        Assert.DoesNotContain("/usr/lib", everything, StringComparison.Ordinal);

        // A reload shows the same picture, and it all went to nobody else and told nobody where from.
        await stranger.ReloadAsync();
        await workbench.ShowsAPictureAsync();
        await Expect(workbench.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        Assert.Empty(watched.Complaints);
        foreach (var request in requests.Where(request => !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal)))
        {
            var address = new Uri(request.Url);
            Assert.Equal(new Uri(Demo.Url).Authority, address.Authority);
            Assert.Matches(s_allowed, address.AbsolutePath);
            Assert.DoesNotContain("referer", (await request.AllHeadersAsync()).Keys);
        }
        Assert.Equal(["/_blazor", "/live/share"], sockets.Distinct().Order());

        // The page asks for itself anew, and is told what everybody is.
        await stranger.RunAndWaitForResponseAsync(() => RevokeByPageAsync(name), response => response.Request.IsNavigationRequest && response.Status == 404);
        await Expect(stranger.GetByRole(AriaRole.Heading, new() { Name = "This link is not valid, or not any more." })).ToBeVisibleAsync();
        await Expect(stranger.Locator(".workbench")).ToHaveCountAsync(0);
        await stranger.WaitForLoadStateAsync();
        var answer = await stranger.ReloadAsync();
        Assert.Equal(404, answer?.Status);
    }

    [Fact]
    public async Task Share_WithTheViewOfItsSender_OpensOnIt()
    {
        using var target = Target.Idle();
        var snapshot = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        using var made = await Demo.Api.PostAsJsonAsync($"/api/v1/snapshots/{snapshot}/shares", new { view = "view=map&cat=Stack", redact = new { paths = false } }, Cancellation);
        var url = System.Text.Json.JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancellation)).GetProperty("url").GetString()!;
        await using var context = await Demo.Browser.NewContextAsync();
        var page = Keep(new BrowserPage(await context.NewPageAsync()));
        await page.GotoAsync(url);
        var workbench = new WorkbenchPage(page.Page);
        await workbench.ShowsAPictureAsync();
        await Expect(workbench.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(workbench.Category("Stack")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Page).ToHaveURLAsync(new Regex("view=map&cat=Stack$"));
    }

    [Fact]
    public async Task Share_OfAComparison_ShowsWhatChangedWithoutSignIn()
    {
        using var target = Target.Idle();
        var before = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        var after = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        var page = await OpenAsync($"/compare?a={before}&b={after}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        var link = page.GetByRole(AriaRole.Textbox, new() { Name = "The link" });
        await Expect(link).ToHaveValueAsync(new Regex("/s/[A-Za-z0-9_-]{43}$"));
        await using var context = await Demo.Browser.NewContextAsync();
        var stranger = Keep(new BrowserPage(await context.NewPageAsync()));
        await stranger.GotoAsync(await link.InputValueAsync());
        await Expect(stranger.Page.GetByRole(AriaRole.Region, new() { Name = "What is compared" })).ToBeVisibleAsync();
        await Expect(stranger.Page.Locator(".wvm-overlay[aria-label*='changed']")).ToBeVisibleAsync();
        await Expect(stranger.Page.Locator(".shared-line")).ToContainTextAsync("Left out: command line, user, folders.");
        Assert.DoesNotContain("/usr/lib", await stranger.Page.ContentAsync(), StringComparison.Ordinal);
    }

    private async Task<string> ShareByPageAsync(Target target, string name)
    {
        var snapshot = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        var page = await OpenAsync($"/snapshots/{snapshot}");
        await new WorkbenchPage(page).ShowsAPictureAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name, which the receiver reads").FillAsync(name);
        // The preview says what is sent: file names without folders, until the box is cleared.
        await Expect(dialog.Locator(".share-texts")).Not.ToContainTextAsync("/usr/lib");
        await dialog.GetByLabel("folders: of a path").UncheckAsync();
        await Expect(dialog.Locator(".share-texts")).ToContainTextAsync("/usr/lib");
        await dialog.GetByLabel("folders: of a path").CheckAsync();
        await Expect(dialog.Locator(".share-texts")).Not.ToContainTextAsync("/usr/lib");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        var link = dialog.GetByRole(AriaRole.Textbox, new() { Name = "The link" });
        await Expect(link).ToHaveValueAsync(new Regex("/s/[A-Za-z0-9_-]{43}$"));
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "Shared links" })).ToContainTextAsync(name);
        var url = await link.InputValueAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        return url;
    }

    private async Task RevokeByPageAsync(string name)
    {
        var page = await OpenAsync("/shares");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = name });
        await row.GetByRole(AriaRole.Button, new() { Name = $"Revoke {name}" }).ClickAsync();
        await Expect(row).ToContainTextAsync("revoked");
    }
}
