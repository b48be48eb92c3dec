using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Lists;

public sealed class SnapshotsPageTests(DemoSystem demo) : BrowserTest(demo)
{
    [Fact]
    public async Task Snapshots_Searched_AreListedNewestFirstAndLeadToTheirPages()
    {
        using var target = Target.Idle();
        var mark = Guid.NewGuid().ToString("n");
        var first = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid, $"{mark} first");
        var second = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid, $"{mark} second");

        var page = await OpenAsync("/snapshots");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search snapshots" }).FillAsync(mark);
        var rows = page.GetByRole(AriaRole.Table).Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows).ToContainTextAsync([$"{mark} second", $"{mark} first"]);
        await Expect(page).ToHaveURLAsync(new Regex($"q={mark}"));
        var total = (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{first}")).GetProperty("total");
        await Expect(rows.Nth(1).Locator("td").Nth(8)).ToHaveAttributeAsync("title", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{total.Bytes("totalWs"):N0} bytes"));

        await rows.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/snapshots/{second}$"));
        await new WorkbenchPage(page).ShowsAPictureAsync();
    }

    [Fact]
    public async Task Search_ForNothing_SaysSo()
    {
        var page = await OpenAsync("/snapshots?q=there-is-no-such-snapshot");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No snapshot matches." })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Show all" })).ToBeVisibleAsync();
    }
}
