using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Workbench;

/// <summary>The whole process page without a pointer.</summary>
public sealed class KeyboardTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    // Of what has the focus: its name, whether a ring is to be seen, and whether it is in sight.
    private const string Focused =
        """
        () => {
          const element = document.activeElement
          if (element === null || element === document.body) return null
          const style = getComputedStyle(element)
          const { top, bottom, left, right } = element.getBoundingClientRect()
          return {
            name: (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().replaceAll('\n', ' '),
            ring: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
            inSight: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
          }
        }
        """;

    private readonly Target _target = Target.Idle();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Tab_ThroughThePage_ReachesEveryControlInOrderWithAVisibleRing()
    {
        var page = await OpenProcessAsync(_target.Pid);
        // From the very first stop, the link that skips to the content: an opened page has the focus on its heading.
        await page.Page.EvaluateAsync("document.querySelector('a').focus()");
        var names = new List<string>();
        for (var i = 0; i < 80; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<JsonElement?>(Focused) is not { ValueKind: JsonValueKind.Object } stop)
            {
                break;
            }
            var name = stop.GetProperty("name").GetString()!;
            Assert.True(stop.GetProperty("ring").GetBoolean(), $"The focus on \"{name}\" is not to be seen.");
            Assert.True(stop.GetProperty("inSight").GetBoolean(), $"\"{name}\" has the focus out of sight.");
            names.Add(name);
        }
        // At its end the page lets the focus go back to the browser.
        Assert.InRange(names.Count, 20, 79);
        var at = 0;
        foreach (var expected in (string[])["Hosts", "Processes", "Snapshots", "notes", "every ", "❚❚ Pause", "Copy link", "Snapshot", "Theme", "Help", "Summary by category", "Total", "Image", "Free",
            "Treemap", "Address map", "Timeline", "area ", "colour ", "free ", "Treemap of", "Filter the regions", "How to filter", "Columns", "Allocations and their regions"])
        {
            var found = names.FindIndex(at, name => name.StartsWith(expected, StringComparison.Ordinal));
            Assert.True(found >= 0, $"\"{expected}\" is not reached after \"{(at > 0 ? names[at - 1] : "")}\": {string.Join(" | ", names)}");
            at = found + 1;
        }
    }

    [Fact]
    public async Task Keys_Alone_FilterSelectOpenAndGoBack()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var keyboard = page.Page.Keyboard;
        await keyboard.PressAsync("/");
        await keyboard.TypeAsync("cat:image");
        // Typed faster than the hub answers, and all of it is there.
        await Expect(page.Filter).ToHaveValueAsync("cat:image");
        await Expect(page.Rows.Filter(new() { HasNotText = "Image" })).ToHaveCountAsync(0);
        await Expect(page.Filter).ToHaveValueAsync("cat:image");
        await page.Grid.FocusAsync();
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("ArrowRight");
        await Expect(page.Rows.First).ToHaveAttributeAsync("aria-expanded", "true");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Space");
        await Expect(page.Rows.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync("selected 1 ");
        await keyboard.PressAsync("Escape");
        await Expect(page.Details.Locator(".details-selected")).ToHaveCountAsync(0);
        await keyboard.PressAsync("Escape");
        await Expect(page.Filter).ToHaveValueAsync("");
        await keyboard.PressAsync("2");
        await Expect(page.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
    }
}
