using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Journey;

/// <summary>The whole way of somebody who looks for a leak with a colleague: two agents, snapshots by hand and by schedule, the trend, a link.</summary>
[Collection(SecondAgent.Alone)]
public sealed class LeakHuntTests(DemoSystem demo) : BrowserTest(demo)
{
    [Fact]
    public async Task Leak_OnTwoHosts_IsKeptByScheduleFoundByTrendSharedAndTakenBack()
    {
        var landing = new Uri(Demo.LandingUrl);
        var pid = int.Parse(landing.Segments[^1], CultureInfo.InvariantCulture);
        await using var other = await SecondAgent.StartAsync(Demo, $"hunt-{Guid.NewGuid():n}"[..12]);
        var page = await OpenAsync(landing.PathAndQuery);
        await new WorkbenchPage(page).ShowsAPictureAsync();

        // By schedule, made on the page: the first is taken at once, and the history shows it.
        var label = Guid.NewGuid().ToString("n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule…" }).ClickAsync();
        await page.GetByLabel("Label of the snapshots, if you like").FillAsync(label);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("taken by a schedule") }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await page.GotoAsync($"{Demo.Url}/schedules");
        var schedule = page.GetByRole(AriaRole.Row).Filter(new() { HasText = label });
        await Expect(schedule).ToContainTextAsync("every 30 min");

        // By hand, through both agents.
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            // Time is what a leak needs.
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            ids.Add(await Demo.Api.TakeSnapshotAsync(Demo.HostId, pid, $"{i}"));
        }
        var elsewhere = await Demo.Api.TakeSnapshotAsync(other.Name, pid);

        // The trend names the heap, the page and the API alike.
        await page.GotoAsync($"{Demo.Url}/trend?ids={string.Join(',', ids)}");
        var growing = page.GetByRole(AriaRole.Region, new() { Name = "Grows on and on" });
        await Expect(growing.GetByRole(AriaRole.Row).Filter(new() { HasText = "arena" })).ToContainTextAsync("4 of 4");
        var trend = await Demo.Api.GetJsonAsync($"/api/v1/snapshots/trend?ids={string.Join(',', ids)}");
        Assert.Contains(trend.GetProperty("suspects").EnumerateArray(), suspect => suspect.Text("category") == "Heap" && suspect.Text("name").StartsWith("arena", StringComparison.Ordinal));

        // Seen through another agent it is another host: compared by what regions are, not by where they lie.
        await page.GotoAsync($"{Demo.Url}/compare?a={ids[^1]}&b={elsewhere}");
        await Expect(page.Locator(".diff-matching")).Not.ToContainTextAsync("Matched by address");

        // A colleague opens the link in a browser that knows nothing, until it is taken back.
        using var made = await Demo.Api.PostAsync($"/api/v1/snapshots/{ids[^1]}/shares", null, Cancellation);
        var share = JsonElement.Parse(await made.Content.ReadAsStringAsync(Cancellation));
        await using var context = await Demo.Browser.NewContextAsync();
        var colleague = new BrowserPage(await context.NewPageAsync());
        await colleague.GotoAsync(share.Text("url"));
        await new WorkbenchPage(colleague.Page).ShowsAPictureAsync();
        Assert.Empty(colleague.Complaints);
        using var revoked = await Demo.Api.DeleteAsync($"/api/v1/shares/{share.Text("id")}", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        await Expect(colleague.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("not valid") })).ToBeVisibleAsync();
        using var refused = await Demo.Api.GetAsync(new Uri(share.Text("url")).PathAndQuery, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }
}
