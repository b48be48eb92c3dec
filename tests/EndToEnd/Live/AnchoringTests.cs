using System.Globalization;
using System.Text.Json;
using WebVmMap.Probes.Tests.Linux;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Live;

/// <summary>A row that somebody looks at stays under the eye while rows above it come and go, fewer at a time than are in the page, in a browser on a real process.</summary>
public sealed class AnchoringTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    // The row in the middle of what is in sight: what it is, where it is, and how far from the first of all rows. None while it is on its way.
    private const string LookedAt =
        """
        (grid) => {
          const box = grid.getBoundingClientRect()
          const row = document.elementFromPoint(box.left + 40, box.top + box.height / 2)?.closest('[data-row]')
          return row ? { key: row.dataset.row, top: row.getBoundingClientRect().top, place: Number(row.getAttribute('aria-rowindex')) } : null
        }
        """;

    private readonly TestTarget _target = TestTarget.Start("shifting");

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task RowLookedAt_RowsAboveComeAndGo_StaysUnderTheEye()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000&sort=address");
        var stays = _target.Facts.Single(fact => fact[0] == "stays")[1];
        // To the middle of those that stay, with the wheel, as a reader would.
        await page.Rows.First.HoverAsync();
        await page.Page.Mouse.WheelAsync(0, 150 * 26);
        await page.Page.WaitForFunctionAsync($"grid => grid.scrollTop > 0 && ({LookedAt})(grid) !== null", await page.Grid.ElementHandleAsync());
        var before = await LookAsync(page);
        Assert.True(Address(before.Key) > Address(stays[2..]), $"{before.Key} is not among those that stay, from {stays}.");

        foreach (var (order, count, away) in new[] { ("come", "5", 5), ("come", "10", 10), ("go", "0", 0) })
        {
            Assert.Equal(["below", count], _target.Ask(order));
            var row = page.Grid.Locator($"[data-row='{before.Key}']");
            await Expect(row).ToHaveAttributeAsync("aria-rowindex", string.Create(CultureInfo.InvariantCulture, $"{before.Place + away}"));
            var after = await LookAsync(page);
            Assert.Equal((before.Key, before.Place + away), (after.Key, after.Place));
            Assert.Equal(before.Top, after.Top, 1.0);
        }
    }

    private static async Task<Row> LookAsync(WorkbenchPage page)
    {
        var row = await page.Grid.EvaluateAsync<JsonElement>(LookedAt);
        return new Row(row.GetProperty("key").GetString()!, row.GetProperty("top").GetDouble(), row.GetProperty("place").GetInt32());
    }

    private static ulong Address(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private sealed record Row(string Key, double Top, int Place);
}
