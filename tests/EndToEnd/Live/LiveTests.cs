using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Live;

/// <summary>A page of a process that changes. Each test has a process of its own: the fastest viewer sets the pace of all.</summary>
public sealed class LiveTests(DemoSystem demo) : BrowserTest(demo), IDisposable
{
    private readonly Target _target = Target.Leaking();

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Figures_OfALeak_GrowByThemselves()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000");
        var heap = page.WorkingSet("Heap");
        var before = await page.FigureAsync("Heap", "Total WS");
        await Expect(page.State).ToHaveTextAsync(new Regex(@"^live · 1 s · cost "));
        await Expect(heap).Not.ToHaveAttributeAsync("title", await heap.GetAttributeAsync("title") ?? "");
        Assert.True(await page.FigureAsync("Heap", "Total WS") > before);
        await Expect(page.Overview.GetByRole(AriaRole.Img, new() { NameRegex = new("^Working set over the last") })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pause_Pressed_HoldsThePictureUntilResume()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000");
        await page.Button("❚❚ Pause").ClickAsync();
        await Expect(page.Button("▶ Resume")).ToHaveAttributeAsync("aria-pressed", "true");
        var held = await page.FiguresAsync("Total");
        await Expect(page.State).ToContainTextAsync("paused, newer data");
        await Expect(page.Page.Locator(".wvm-badge")).ToContainTextAsync("Paused; there is newer data");
        Assert.Equal(held, await page.FiguresAsync("Total"));

        await page.Page.Keyboard.PressAsync("Space"); // on the button, which it presses
        await Expect(page.Button("❚❚ Pause")).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.State).ToContainTextAsync("live");
        Assert.NotEqual(held, await page.FiguresAsync("Total"));
    }

    [Fact]
    public async Task ByHand_SampleNow_BringsOnePicture()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000");
        await page.ChooseAsync("every", "by hand");
        await Expect(page.State).ToContainTextAsync("by hand");
        await Expect(page.Page).ToHaveURLAsync(new Regex("every=0"));
        var total = page.WorkingSet("Heap");
        var before = await total.GetAttributeAsync("title") ?? "";
        await page.Button("Sample now").ClickAsync();
        await Expect(total).Not.ToHaveAttributeAsync("title", before);

        await page.ChooseAsync("every", "5 s");
        await Expect(page.State).ToContainTextAsync("5 s");
        await Expect(page.Button("Sample now")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Selection_WhileThePictureChanges_Stays()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000&q=cat:image");
        await page.Rows.Nth(2).ClickAsync();
        await Expect(page.Rows.Nth(2)).ToHaveAttributeAsync("aria-selected", "true");
        var selected = page.Grid.Locator("[role=row][aria-selected=true]");
        var address = await selected.Locator("[role=gridcell]").First.InnerTextAsync();
        var heap = page.WorkingSet("Heap");
        await Expect(heap).Not.ToHaveAttributeAsync("title", await heap.GetAttributeAsync("title") ?? "");
        await Expect(selected).ToContainTextAsync(address.Trim());
        await Expect(page.Filter).ToHaveValueAsync("cat:image");
    }

    [Fact]
    public async Task Process_ThatExits_IsSaidToHaveEndedAndItsPictureStays()
    {
        var page = await OpenProcessAsync(_target.Pid, "?every=1000");
        _target.End();
        var banner = page.Page.Locator(".banner");
        await Expect(banner).ToContainTextAsync(new Regex(@"webvmmap-demo has ended since \d{4}-"));
        await Expect(page.State).ToHaveTextAsync("ended");
        await Expect(page.Row("Total")).ToBeVisibleAsync();
        await Expect(page.Page.Locator(".workbench.stale")).ToBeVisibleAsync();
        Assert.True(await page.ColoursAsync() > 3, "The last picture is gone.");
        await Expect(page.Button("Snapshot")).ToBeDisabledAsync();
        await banner.GetByRole(AriaRole.Link, new() { Name = "Find its successor" }).ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(new Regex("/processes\\?q=webvmmap-demo"));
    }

    [Fact]
    public async Task Snapshot_Taken_IsKeptAsItWas()
    {
        var page = await OpenProcessAsync(_target.Pid);
        await page.Button("Snapshot").ClickAsync();
        var label = $"label {Guid.NewGuid():n}";
        await page.Page.GetByLabel("Label, if you like").FillAsync(label);
        await page.Button("Take snapshot").ClickAsync();
        await Expect(page.Page.GetByText("Snapshot kept: ")).ToBeVisibleAsync();
        await page.Button("Open").ClickAsync();

        await Expect(page.Page).ToHaveURLAsync(new Regex("/snapshots/[^/]+$"));
        await page.ShowsAPictureAsync();
        await Expect(page.Page.GetByText(label)).ToBeVisibleAsync();
        await Expect(page.Tab("Timeline")).ToHaveCountAsync(0);
        var id = new Uri(page.Page.Url).Segments[^1];
        var total = (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{id}")).GetProperty("total");
        Assert.Equal(total.Bytes("totalWs"), await page.FigureAsync("Total", "Total WS"));
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Watch live" }).ClickAsync();
        await Expect(page.State).ToContainTextAsync("live");
    }
}
