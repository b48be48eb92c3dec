using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Recordings;

/// <summary>A program is launched with the processes that it starts: each is a recording that leads to the others.</summary>
public sealed class RecordingChildrenTests(DemoSystem demo) : BrowserTest(demo)
{
    // A shell that waits for what keeps 100,000 bytes more fifty times a second, for a minute.
    private const string Starts = "/bin/sh -c '/usr/bin/perl -e \"for (1..3000) { push @receipts, q(x) x 100000; select(undef, undef, undef, 0.02) }\" & wait'";

    [Fact]
    public async Task Launch_WithTheProcessesItStarts_ShowsEachAndStopsThemTogether()
    {
        var page = await OpenAsync("/hosts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch under recording…", Disabled = false }).First.ClickAsync();
        await page.GetByLabel("Command line").FillAsync(Starts);
        await page.GetByLabel("Follow the processes it starts").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/recordings/[^/]+$"), new() { Timeout = 60_000 });
        var family = page.Locator(".child-recordings");
        await Expect(family.Locator("summary")).ToHaveTextAsync("1 process that it started, 1 under way", new() { Timeout = 60_000 });
        await family.Locator("summary").ClickAsync();
        await family.GetByRole(AriaRole.Link, new() { NameRegex = new Regex(@"perl \(process \d+\)") }).ClickAsync();

        // The child's own page: what it keeps, live, and the way back.
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("perl");
        var pid = int.Parse(Regex.Match(await page.Locator(".facts-line").TextContentAsync() ?? "", @"pid (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        using var child = System.Diagnostics.Process.GetProcessById(pid);
        try
        {
            await Expect(page.Locator(".span-figures")).ToContainTextAsync(new Regex(@"MiB live"), new() { Timeout = 60_000 });
            await page.Locator(".trail a").Nth(1).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("sh");
            await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End the program" }).ClickAsync();
            await Expect(page.Locator(".live-chip")).ToHaveTextAsync("stopped");
            await Expect(family.Locator("summary")).ToHaveTextAsync("1 process that it started, 0 under way", new() { Timeout = 60_000 });
            // To end the program ends it alone.
            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
        }
        await page.GetByRole(AriaRole.Link, new() { Name = "Recordings", Exact = true }).First.ClickAsync();
        await Expect(page.Locator(".child-recording").First).ToContainTextAsync($"perl (process {pid})");
    }
}
