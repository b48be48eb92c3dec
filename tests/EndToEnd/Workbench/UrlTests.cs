using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Workbench;

/// <summary>The URL says what is on the screen: a reload and a pasted link show the same picture.</summary>
public sealed class UrlTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private readonly Target _target = Target.Idle();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task View_ChosenByHand_OutlivesReloadAndPaste()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.Tab("Address map").ClickAsync();
        await page.Category("Image").ClickAsync();
        await page.Filter.FillAsync("prot:r >4K");
        await page.ChooseAsync("fill", "committed");
        await page.ChooseAsync("colour", "protection");
        await page.Grid.GetByRole(AriaRole.Columnheader, new() { Name = "Address" }).GetByRole(AriaRole.Button).ClickAsync();
        await page.Rows.Nth(1).ClickAsync();
        await Expect(page.Rows.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await page.Canvas.FocusAsync();
        await page.Page.Keyboard.PressAsync("+");
        // What was done last is written last.
        await Expect(page.Page).ToHaveURLAsync(new Regex("zoom=x"));
        var url = page.Page.Url;
        foreach (var part in (string[])["start=", "view=map", "area=committed", "colour=protection", "cat=Image", "q=prot", "sel=a", "sort=address"])
        {
            Assert.Contains(part, url, StringComparison.Ordinal);
        }

        await page.Page.ReloadAsync();
        await ShowsTheSameAsync(page);
        var pasted = new WorkbenchPage(await OpenAsync(url));
        await ShowsTheSameAsync(pasted);
        Assert.Equal(url, pasted.Page.Url);
        // The zoom is kept to the page of memory, so edges may lie a pixel further: no more may differ.
        var (reloaded, shown) = (await page.PixelsAsync(), await pasted.PixelsAsync());
        Assert.Equal(reloaded.Length, shown.Length);
        Assert.InRange(Enumerable.Range(0, shown.Length).Count(i => shown[i] != reloaded[i]), 0, shown.Length / 20);
    }

    [Fact]
    public async Task BackAndForward_AfterAnotherPage_ShowTheSameView()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.Tab("Address map").ClickAsync();
        await page.Category("Image").ClickAsync();
        await page.Filter.FillAsync(">4K");
        await Expect(page.Page).ToHaveURLAsync(new Regex("start=.*view=map.*q="));
        var url = page.Page.Url;

        await page.Page.GetByRole(AriaRole.Navigation, new() { Name = "Where you are" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Processes" })).ToBeVisibleAsync();
        var list = page.Page.Url;
        await page.Page.GoBackAsync();
        await page.ShowsAPictureAsync();
        await Expect(page.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Filter).ToHaveValueAsync(">4K");
        Assert.Equal(url, page.Page.Url);
        await page.Page.GoForwardAsync();
        await Expect(page.Page.GetByRole(AriaRole.Treegrid, new() { Name = "Processes" })).ToBeVisibleAsync();
        Assert.Equal(list, page.Page.Url);
    }

    [Fact]
    public async Task Link_OfAnotherStart_SaysThatTheProcessEnded()
    {
        var page = new WorkbenchPage(await OpenAsync($"/hosts/{Demo.HostId}/processes/{_target.Pid}?start=1"));
        await Expect(page.Page.GetByText("has ended").First).ToBeVisibleAsync();
        await Expect(page.Summary).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Link_WithNonsense_StillOpens()
    {
        var page = await OpenProcessAsync(_target.Pid, "?view=cube&area=love&cat=Nothing&sort=7&every=3&zoom=g:Image%7C/gone&sel=a:zz");
        await Expect(page.Tab("Treemap")).ToHaveAttributeAsync("aria-selected", "true");
        Assert.True(await page.ColoursAsync() > 3);
    }

    private static async Task ShowsTheSameAsync(WorkbenchPage page)
    {
        await page.ShowsAPictureAsync();
        await Expect(page.Tab("Address map")).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Category("Image")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Filter).ToHaveValueAsync("prot:r >4K");
        await Expect(page.Button("fill committed")).ToBeVisibleAsync();
        await Expect(page.Button("colour protection")).ToBeVisibleAsync();
        await Expect(page.Grid.GetByRole(AriaRole.Columnheader, new() { Name = "Address" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Expect(page.Rows.Nth(1)).ToHaveAttributeAsync("aria-selected", "true");
        await Expect(page.Canvas).ToHaveAttributeAsync("aria-label", new Regex(@"Category Image\. Filter prot:r >4K\."));
    }
}
