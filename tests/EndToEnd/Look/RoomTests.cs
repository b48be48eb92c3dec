using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Look;

/// <summary>What a table shows where there is no room for all of it.</summary>
public sealed class RoomTests(DemoSystem demo) : ScreenTest(demo)
{
    [Theory]
    [InlineData(390)]
    [InlineData(1024)]
    [InlineData(1280)]
    [InlineData(1440)]
    [InlineData(1920)]
    public async Task Summary_AtAnyWidth_ShowsWholeColumnsOnly(int width)
    {
        var page = new WorkbenchPage(await OpenScreenAsync("process", width));
        var cut = await page.Summary.EvaluateAsync<string[]>(
            """
            summary => {
              const edge = summary.getBoundingClientRect().left + summary.clientLeft + summary.clientWidth
              return [...summary.querySelectorAll('thead th')].filter((head) => {
                const { left, right } = head.getBoundingClientRect()
                return left < edge - 1 && right > edge + 1
              }).map((head) => head.textContent)
            }
            """);
        Assert.Empty(cut);
        // All the same they can be reached.
        await page.Summary.GetByRole(AriaRole.Columnheader, new() { Name = "Largest" }).ScrollIntoViewIfNeededAsync();
        await Expect(page.Summary.GetByRole(AriaRole.Columnheader, new() { Name = "Largest" })).ToBeInViewportAsync();
    }

    [Theory]
    [InlineData("processes", 390)]
    [InlineData("processes of a host", 390)]
    [InlineData("processes", 360)]
    public async Task Processes_OnAPhone_ShowNamesAndFiguresUnscrolled(string name, int width)
    {
        var page = await OpenScreenAsync(name, width, 844);
        var grid = page.GetByRole(AriaRole.Treegrid, new() { Name = "Processes" });
        foreach (var column in (string[])["Name", "Private", "Working set"])
        {
            var box = await grid.GetByRole(AriaRole.Columnheader, new() { Name = column }).BoundingBoxAsync();
            Assert.InRange(box!.X, 0, width);
            Assert.InRange(box.X + box.Width, 90, width);
        }
        Assert.Equal(0, await grid.EvaluateAsync<int>("grid => grid.scrollLeft"));
    }

    [Fact]
    public async Task Started_OnHover_IsTheFullTime()
    {
        var page = await OpenScreenAsync("processes");
        var row = page.Locator(".grid-body [role=row]").First;
        var index = int.Parse((await page.GetByRole(AriaRole.Columnheader, new() { Name = "Started" }).GetAttributeAsync("aria-colindex"))!, CultureInfo.InvariantCulture);
        var cell = row.GetByRole(AriaRole.Gridcell).Nth(index - 1);
        await Expect(cell).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$"));
        Assert.Equal(await cell.GetAttributeAsync("title"), $"{await cell.InnerTextAsync()} UTC");
    }

    [Fact]
    public async Task Path_WithoutRoom_IsCutInItsMiddleAndCopiedWhole()
    {
        using var target = Target.Idle();
        var page = await OpenProcessAsync(target.Pid, "?q=libc.so.6");
        await page.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var cell = page.Rows.First.GetByRole(AriaRole.Gridcell).Last;
        await Expect(cell).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("/libc.so.6$"));
        var path = (await cell.GetAttributeAsync("title"))!;
        Assert.Equal(path, (await cell.TextContentAsync())!.Trim());
        Assert.True(await IsCutAsync(cell.Locator(".path-folder")), "There is room for the whole path: this test shows nothing.");
        Assert.False(await IsCutAsync(cell.Locator(".path-file")), "The file's name is cut.");

        await cell.EvaluateAsync("cell => getSelection().selectAllChildren(cell)");
        await page.Page.Keyboard.PressAsync("Control+c");
        Assert.Equal(path, await ClipboardAsync(page.Page));
        await page.Rows.First.EvaluateAsync("row => getSelection().selectAllChildren(row)");
        await page.Page.Keyboard.PressAsync("Control+c");
        var cells = (await ClipboardAsync(page.Page)).Split('\t');
        Assert.Equal(await page.Grid.GetByRole(AriaRole.Columnheader).CountAsync(), cells.Length);
        Assert.StartsWith("0x", cells[0], StringComparison.Ordinal);
        Assert.Equal(path, cells[^1]);
    }

    private static Task<bool> IsCutAsync(ILocator text) => text.EvaluateAsync<bool>("element => element.scrollWidth > element.clientWidth");

    private static Task<string> ClipboardAsync(IPage page) => page.EvaluateAsync<string>("navigator.clipboard.readText()");
}
