using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Recordings;

/// <summary>A program is started under recording from its host's card, looked at while it runs, marked, stopped and deleted.</summary>
public sealed class RecordingTests(DemoSystem demo) : BrowserTest(demo)
{
    // Keeps 100,000 bytes more fifty times a second, for a minute: a recording that is stopped leaves its program running.
    private const string Leaks = "/usr/bin/perl -e 'for (1..3000) { push @receipts, \"x\" x 100000; select(undef, undef, undef, 0.02) }'";

    [Fact]
    public async Task Record_AProcessThatRuns_ShowsWhatItAllocatesUntilItIsStoppedAndItRunsOn()
    {
        using var target = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/perl", ["-e", "while (1) { push @orders, 'x' x 10000; select(undef, undef, undef, 0.02) }"]))!;
        try
        {
            var page = await OpenAsync($"/hosts/{Demo.HostId}/processes/{target.Id}");
            await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
            await Expect(page).ToHaveURLAsync(new Regex("/recordings/[^/]+$"), new() { Timeout = 60_000 });
            await Expect(page.Locator(".live-chip")).ToHaveTextAsync("recording");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("perl");
            await Expect(page.GetByRole(AriaRole.Treegrid).Locator(".grid-body [role=row]").First).ToContainTextAsync("KiB", new() { Timeout = 60_000 });
            await Expect(page.Locator(".health-facts")).ToContainTextAsync(new Regex(@"Stopped for\s*[\d.]+ ms"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
            await Expect(page.Locator(".live-chip")).ToHaveTextAsync("stopped");
            Assert.False(target.HasExited);
        }
        finally
        {
            target.Kill();
        }
    }

    [Fact]
    public async Task Leak_OfTheDemo_IsFoundFromItsPageDownToItsSourceLine()
    {
        // As somebody who has just run ./run.sh --demo: the page that it opens, one button, the picture, the text.
        var page = await OpenAsync(new Uri(Demo.LandingUrl).PathAndQuery);
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/recordings/[^/]+$"), new() { Timeout = 60_000 });
        var id = new Uri(page.Url).Segments[^1];
        try
        {
            await FindLeakAsync(page);
        }
        finally
        {
            // Whatever came of it, nobody else finds the demo under recording.
            using var stopped = await Demo.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
        }
    }

    private static async Task FindLeakAsync(IPage page)
    {
        var grid = page.GetByRole(AriaRole.Treegrid);
        var leak = grid.Locator("[role=row]").Filter(new() { HasText = "OrderService.TakeOrder" }).First;
        // The tree follows the hot path until somebody touches it: once it keeps more than anything that the runtime did at first, that leads to it.
        await Expect(page.Locator(".span-figures")).ToContainTextAsync("MiB live", new() { Timeout = 60_000 });
        await Expect(leak).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Hot path" }).ClickAsync();
        await Expect(leak).ToBeVisibleAsync();
        await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex(@"^Flame graph of [1-9][\d,]* calls"));

        // Who keeps it, to the line, with what that line has.
        await leak.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Source", Exact = true }).ClickAsync();
        var line = page.Locator(".source-lines tr[aria-current=true]");
        await Expect(line).ToContainTextAsync("NativeMemory.Alloc(ReceiptBytes)");
        await Expect(line.Locator(".source-figure")).ToContainTextAsync("iB");
        await page.Keyboard.PressAsync("Escape");

        // And from a block that it keeps, by its stack.
        await page.Locator(".actions").GetByRole(AriaRole.Button, new() { Name = "Blocks", Exact = true }).ClickAsync();
        await page.Locator(".block-table tbody button").First.ClickAsync();
        var frame = page.Locator(".block-stack li").Filter(new() { HasText = "OrderService.TakeOrder" });
        await frame.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(line).ToContainTextAsync("NativeMemory.Alloc(ReceiptBytes)");
        await Expect(page).ToHaveURLAsync(new Regex("source=.*OrderService.cs.*blocks=biggest"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(page.Locator(".live-chip")).ToHaveTextAsync("stopped");
    }

    [Fact]
    public async Task Launch_AProgramThatKeepsMemory_ShowsItLiveUntilItIsStoppedAndDeleted()
    {
        var page = await OpenAsync("/hosts");
        // Hosts of other tests have left.
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch under recording…", Disabled = false }).First.ClickAsync();
        await page.GetByLabel("Command line").FillAsync(Leaks);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/recordings/[^/]+$"), new() { Timeout = 60_000 });
        await Expect(page.Locator(".live-chip")).ToHaveTextAsync("recording");

        // Live, in the table and in the picture, which say the same.
        var grid = page.GetByRole(AriaRole.Treegrid);
        await Expect(grid.Locator(".grid-body [role=row]").First).ToContainTextAsync("MiB", new() { Timeout = 60_000 });
        await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex(@"^Flame graph of [1-9][\d,]* calls"));
        await Expect(page.Locator(".recording-chart .apexcharts-series").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Mark", Exact = true }).ClickAsync();
        await page.GetByLabel("What begins now").FillAsync("load");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Mark", Exact = true }).ClickAsync();
        await Expect(page.Locator(".wvm-mark-label")).ToHaveTextAsync("load");

        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        var pid = int.Parse(Regex.Match(await page.Locator(".facts-line").TextContentAsync() ?? "", @"pid (\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        using var program = System.Diagnostics.Process.GetProcessById(pid);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End the program" }).ClickAsync();
        await Expect(page.Locator(".live-chip")).ToHaveTextAsync("stopped");
        Assert.True(program.HasExited);
        var whole = await page.Locator(".span-figures").TextContentAsync();
        await page.Locator(".span-line input").First.FillAsync("load");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("from=load"));
        await Expect(page.Locator(".span-figures")).Not.ToHaveTextAsync(whole!);

        // The span that is looked at, as a file that a flame graph is made of elsewhere.
        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = ".folded" }).ClickAsync());
        Assert.EndsWith(".folded", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"^\S.*;Perl_\S* \d+$", RegexOptions.Multiline), await File.ReadAllTextAsync((await download.PathAsync())!, TestContext.Current.CancellationToken));
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit name, note and pin" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("receipts that stay");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Pinned: stays whatever its age").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("receipts that stay");

        // Somebody who is not signed in sees the same by a link, and nothing else.
        await page.Locator(".topbar").GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        var link = await page.GetByLabel("The link", new() { Exact = true }).InputValueAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await using var context = await Demo.Browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var stranger = await context.NewPageAsync();
        await stranger.GotoAsync(link);
        await Expect(stranger.Locator(".span-figures")).ToHaveTextAsync(await page.Locator(".span-figures").TextContentAsync() ?? "");
        await Expect(stranger.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new Regex(@"^Flame graph of [1-9][\d,]* calls"));
        await Expect(stranger.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToHaveCountAsync(0);
        Assert.DoesNotContain("/usr/bin/perl", await stranger.ContentAsync(), StringComparison.Ordinal);
        await stranger.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        var shared = await stranger.RunAndWaitForDownloadAsync(() => stranger.GetByRole(AriaRole.Link, new() { Name = ".folded" }).ClickAsync());
        Assert.NotEqual(0, new FileInfo((await shared.PathAsync())!).Length);

        await page.GetByRole(AriaRole.Link, new() { Name = "Recordings" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "receipts that stay" })).ToBeVisibleAsync();
        var row = page.Locator("tbody tr").Filter(new() { HasText = "receipts that stay" });
        await Expect(row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Pin the recording of") })).ToHaveAttributeAsync("aria-pressed", "true");
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Delete") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
    }
}
