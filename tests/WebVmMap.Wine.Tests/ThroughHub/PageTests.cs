using System.Globalization;
using Microsoft.Playwright;
using WebVmMap.Testing;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>A Windows process in the browser, live.</summary>
public sealed class PageTests(WinePrefix wine)
{
    [Fact(Timeout = 180_000)]
    public async Task ProcessPage_WindowsProcess_ShowsItsCategoriesStacksProtectionsAndWhatIsMissing()
    {
        await using var watched = await WatchedHost.StartAsync(wine);
        var snapshot = await watched.ExportAsync(await watched.TakeSnapshotAsync());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("WEBVMMAP_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        await page.GotoAsync(watched.Hub.SignIn);
        var address = $"{watched.Hub.Pages}/hosts/{watched.HostId}/processes/{watched.Target.Pid}";
        await page.GotoAsync(address);

        await Expect(page.Locator("h1")).ToHaveTextAsync("regions.exe");
        await Expect(page.Locator(".live-chip")).ToContainTextAsync("live");
        await Expect(page.Locator(".facts-line")).ToContainTextAsync("windows x64");
        // The program waits for its input, so the live picture has the sizes that the snapshot has.
        foreach (var name in (string[])["Image", "Heap", "Stack", "Mapped File", "Shareable", "Private Data", "Unusable", "Free"])
        {
            var row = page.Locator(".summary tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }) });
            var size = snapshot.Summary.Rows.Single(r => r.Name == name).Size;
            Assert.True(size > 0, $"There is no {name}.");
            await Expect(row.Locator("td").First).ToHaveAttributeAsync("title", size.ToString("N0", CultureInfo.InvariantCulture) + " bytes");
        }
        await Expect(page.Locator(".wvm-overlay")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^Treemap of [1-9]"));

        var limits = page.Locator(".limits");
        await Expect(limits).ToContainTextAsync("Missing here:");
        await Expect(limits).ToContainTextAsync("working set columns and Page Table are empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "limited" }).ClickAsync();
        var notes = page.Locator("#snapshot-notes .notes li");
        await Expect(notes).ToHaveCountAsync(snapshot.Notes.Length);
        await Expect(notes.Filter(new() { HasText = "list of heaps is empty" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await PhotographAsync(page, "windows-live");

        var rows = page.Locator(".details-grid .grid-body [role=row]");
        await page.GotoAsync(address + "?cat=Stack");
        foreach (var thread in watched.Target.Said.RootElement.GetProperty("threads").EnumerateArray())
        {
            await Expect(rows.Filter(new() { HasText = $"Thread ID: {thread.GetProperty("id").GetInt32()}" })).ToHaveCountAsync(1);
        }
        await Expect(rows.Filter(new() { HasText = "Thread ID: " })).ToHaveCountAsync(3);
        await rows.First.Locator(".twisty").ClickAsync();
        await Expect(rows.Filter(new() { HasText = "Read/Write/Guard" })).Not.ToHaveCountAsync(0);
        await PhotographAsync(page, "windows-stacks");

        var protections = watched.Target.Area("protections").Address;
        string[] texts = ["Read/Write", "Read/Write/Guard", "No Access", "Execute/Read"];
        for (var i = 0; i < texts.Length; i++)
        {
            await page.GotoAsync($"{address}?q=addr:0x{protections + (4096 * (ulong)i):x}");
            await Expect(rows).ToHaveCountAsync(1);
            await rows.First.Locator(".twisty").ClickAsync();
            await Expect(rows.Nth(1).GetByRole(AriaRole.Gridcell, new() { Name = texts[i], Exact = true })).ToBeVisibleAsync();
        }
        Assert.Empty(complaints);
    }

    // For people: what these pages look like with a Windows process. Not kept with the sources.
    private static async Task PhotographAsync(IPage page, string name) => await page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "wine", "screens")).FullName, name + ".png"),
    });
}
