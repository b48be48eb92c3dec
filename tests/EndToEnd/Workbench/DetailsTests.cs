using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WebVmMap.EndToEnd.Truth;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Workbench;

public sealed class DetailsTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private readonly Target _target = Target.Idle();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Filter_Typed_CountsAndSumsWhatMatches()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var libc = SmapsRecord.OfFile(SmapsRecord.Read(_target.Pid), "libc.so.6");
        await page.Filter.FillAsync("libc.so cat:image");
        await Expect(page.Count).ToHaveTextAsync($"1 allocation · {Rounded(libc.Sum(r => r.Size))} · {Rounded(libc.Sum(r => r.TotalWs))} resident");
        await Expect(page.Count).ToHaveAttributeAsync("title", string.Create(
            CultureInfo.InvariantCulture,
            $"{libc.Count} blocks in 1 allocation\nSize {libc.Sum(r => r.Size):N0} bytes\nCommitted {libc.Sum(r => r.Committed):N0} bytes\nPrivate {libc.Sum(r => r.Private):N0} bytes\nResident {libc.Sum(r => r.TotalWs):N0} bytes"));
        await Expect(page.Rows).ToHaveCountAsync(1);
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex(@"Filter libc\.so cat:image\."));
        await Expect(page.Page).ToHaveURLAsync(new Regex("q=libc.so"));

        await page.Filter.FillAsync("there-is-no-such-thing");
        await Expect(page.Count).ToContainTextAsync("0 allocations");
        await page.Button("Show everything").ClickAsync();
        await Expect(page.Filter).ToHaveValueAsync("");
        await Expect(page.Rows).Not.ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Slash_Pressed_FocusesTheFilter()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.Page.Keyboard.PressAsync("/");
        await Expect(page.Filter).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Address_Entered_SelectsTheRegionThatHoldsIt()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var code = SmapsRecord.Read(_target.Pid).First(r => r.Name.EndsWith("/libc.so.6", StringComparison.Ordinal) && r.Access[2] == 'x');
        await page.Filter.FillAsync(string.Create(CultureInfo.InvariantCulture, $"0x{code.Start + 0x123:x}"));
        await page.Filter.PressAsync("Enter");
        var row = page.Grid.Locator("[role=row][aria-selected=true]");
        await Expect(row).ToContainTextAsync($"0x{code.Start:x}");
        await Expect(row).ToBeInViewportAsync();
        await Expect(row).ToHaveAttributeAsync("aria-level", "2");
        await Expect(page.Filter).ToHaveValueAsync("");

        await page.Filter.FillAsync("0xffffffffffffffff");
        await page.Filter.PressAsync("Enter");
        await Expect(page.Details.GetByRole(AriaRole.Alert)).ToContainTextAsync("outside the address space");
    }

    [Fact]
    public async Task ColumnHead_Clicked_Sorts()
    {
        var page = await OpenProcessAsync(_target.Pid);
        var head = page.Grid.GetByRole(AriaRole.Columnheader, new() { Name = "Size" });
        await head.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(head).ToHaveAttributeAsync("aria-sort", "descending");
        await Expect(page.Page).ToHaveURLAsync(new Regex("sort=-size"));
        var sizes = await SizesAsync(page);
        Assert.True(sizes.Length > 4);
        Assert.Equal(sizes.OrderDescending(), sizes);
        await head.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(head).ToHaveAttributeAsync("aria-sort", "ascending");
        Assert.Equal(sizes.Order().First(), (await SizesAsync(page))[0]);
    }

    [Fact]
    public async Task Rows_Selected_AreSummedAndCopied()
    {
        var page = await OpenProcessAsync(_target.Pid, "?sort=-size");
        await page.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var sizes = await SizesAsync(page);
        await page.Rows.Nth(0).ClickAsync();
        await page.Rows.Nth(1).ClickAsync(new() { Modifiers = [KeyboardModifier.Control] });
        await Expect(page.Rows.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync("selected 2 allocations");
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync(Rounded(sizes[0] + sizes[1]));

        await page.Button("Copy").ClickAsync();
        await page.Page.GetByText("Rows, with exact bytes").ClickAsync();
        await Expect(page.Page.GetByText("Copied 2 rows.")).ToBeVisibleAsync();
        var lines = (await page.Page.EvaluateAsync<string>("navigator.clipboard.readText()")).Split('\n');
        Assert.Equal(3, lines.Length);
        var size = Array.IndexOf(lines[0].Split('\t'), "Size");
        Assert.Equal(sizes[..2], lines[1..].Select(line => long.Parse(line.Split('\t')[size], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Range_SelectedWithShift_HoldsAllBetween()
    {
        var page = await OpenProcessAsync(_target.Pid, "?sort=address");
        await page.Rows.Nth(0).ClickAsync();
        await page.Rows.Nth(3).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Grid.Locator("[role=row][aria-selected=true]")).ToHaveCountAsync(4);
        await Expect(page.Details.Locator(".details-selected")).ToContainTextAsync("selected 4 allocations");
    }

    [Fact]
    public async Task Allocation_OpenedByKeyboard_ShowsItsBlocks()
    {
        var page = await OpenProcessAsync(_target.Pid, "?q=libc.so&sort=-size");
        await Expect(page.Rows).ToHaveCountAsync(1);
        await page.Grid.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Rows.First).ToHaveAttributeAsync("aria-expanded", "true");
        var blocks = SmapsRecord.OfFile(SmapsRecord.Read(_target.Pid), "libc.so.6").Count;
        await Expect(page.Rows).ToHaveCountAsync(1 + blocks);
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Rows).ToHaveCountAsync(1);
    }

    private static async Task<long[]> SizesAsync(WorkbenchPage page)
    {
        var heads = await page.Grid.GetByRole(AriaRole.Columnheader).AllInnerTextsAsync();
        var column = heads.ToList().FindIndex(head => head.StartsWith("Size", StringComparison.Ordinal));
        var titles = await page.Rows.EvaluateAllAsync<string[]>("(rows, i) => rows.map(row => row.children[i].title)", column);
        return [.. titles.Select(title => long.Parse(title.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
    }

    private static string Rounded(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
