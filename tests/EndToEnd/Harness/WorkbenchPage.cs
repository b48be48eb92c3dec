using System.Globalization;
using Microsoft.Playwright;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>The parts of a page that shows a process or a kept snapshot, by the names that its user sees.</summary>
public sealed class WorkbenchPage(IPage page)
{
    public IPage Page => page;

    public ILocator Overview => page.GetByRole(AriaRole.Region, new() { Name = "Overview", Exact = true });

    public ILocator Summary => page.GetByRole(AriaRole.Region, new() { Name = "Summary by category", Exact = true });

    public ILocator Details => page.GetByRole(AriaRole.Region, new() { Name = "Details", Exact = true });

    public ILocator Grid => page.GetByRole(AriaRole.Treegrid, new() { Name = "Allocations and their regions" });

    public ILocator Filter => page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter the regions" });

    /// <summary>How many allocations match, and their sums.</summary>
    public ILocator Count => Details.Locator(".details-count");

    /// <summary>The canvas that takes clicks and keys; what it shows is its name.</summary>
    public ILocator Canvas => page.Locator(".wvm-overlay");

    /// <summary>"live", "paused", "ended" and so on, with the pace and the cost.</summary>
    public ILocator State => page.Locator(".live-chip");

    public ILocator Rows => Grid.Locator(".grid-body [role=row]");

    public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Tab(string name) => page.GetByRole(AriaRole.Tab, new() { Name = name, Exact = true });

    /// <summary>The summary's row of a category or of "Total".</summary>
    public ILocator Row(string category) => Summary.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Button, new() { Name = category, Exact = true }) });

    /// <summary>The cell of a category's working set; its hint holds the exact bytes.</summary>
    public ILocator WorkingSet(string category) => Row(category).GetByRole(AriaRole.Cell).Nth(3);

    public ILocator Category(string name) => Summary.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Chooses from one of the small menus written as words, such as "area working set".</summary>
    public async Task ChooseAsync(string menu, string choice)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{menu} ") }).ClickAsync();
        await page.Locator(".mud-popover-open").GetByText(choice, new() { Exact = true }).ClickAsync();
    }

    /// <summary>Waits until figures, canvas and table are there.</summary>
    public async Task ShowsAPictureAsync()
    {
        await Assertions.Expect(Row("Total")).ToBeVisibleAsync();
        await Assertions.Expect(Rows.First).ToBeVisibleAsync();
        await Assertions.Expect(Canvas).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^(Treemap|Address map) of [1-9]"));
    }

    /// <summary>A figure of the summary in bytes, as its hint tells it; a blank cell is zero.</summary>
    public async Task<long> FigureAsync(string category, string column) => (await FiguresAsync(category))[column];

    /// <summary>The figures of a row of the summary, by the heads of their columns.</summary>
    public async Task<IReadOnlyDictionary<string, long>> FiguresAsync(string category)
    {
        var heads = await Summary.GetByRole(AriaRole.Columnheader).AllInnerTextsAsync();
        // One call for the whole row: a live page may write the next sample between two.
        var cells = await Row(category).First.EvaluateAsync<string[]>("row => [...row.querySelectorAll('td')].map(cell => cell.title || cell.textContent)");
        Assert.Equal(heads.Count - 1, cells.Length);
        return cells.Select((text, i) => (Head: heads[i + 1], Value: Number(text))).ToDictionary(cell => cell.Head, cell => cell.Value);
    }

    /// <summary>How many different colours the canvas shows.</summary>
    public async Task<int> ColoursAsync() => (await PixelsAsync()).Distinct().Count();

    /// <summary>Every 16th pixel of the canvas as 0xRRGGBB.</summary>
    public async Task<int[]> PixelsAsync() => await page.Locator(".wvm-canvas").EvaluateAsync<int[]>(
        """
        shown => {
          // From a copy: the browser warns when a canvas that it draws fast is read more than once.
          const copy = new OffscreenCanvas(shown.width, shown.height).getContext('2d', { willReadFrequently: true })
          copy.drawImage(shown, 0, 0)
          const { data } = copy.getImageData(0, 0, shown.width, shown.height)
          const found = []
          for (let i = 0; i < data.length; i += 64) found.push(data[i] << 16 | data[i + 1] << 8 | data[i + 2])
          return found
        }
        """);

    /// <summary>Waits until the canvas shows something else, frame by frame.</summary>
    /// <param name="before">What <see cref="PixelsAsync"/> told.</param>
    public async Task RepaintedAsync(int[] before)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await PixelsAsync()).AsSpan().SequenceEqual(before))
        {
            Assert.False(patience.IsCancellationRequested, "The picture stays as it is.");
            await page.EvaluateAsync("() => new Promise(frame => requestAnimationFrame(frame))");
        }
    }

    private static long Number(string text) =>
        text.Length == 0 ? 0 : long.Parse(text.Split(' ')[0], NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
