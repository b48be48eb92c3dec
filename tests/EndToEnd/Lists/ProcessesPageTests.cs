using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Lists;

[Collection(SecondAgent.Alone)]
public sealed class ProcessesPageTests(DemoSystem demo) : BrowserTest(demo)
{
    private string Path => $"/hosts/{Demo.HostId}/processes";

    [Fact]
    public async Task Search_ByPid_FindsTheProcessAndLeadsToIt()
    {
        using var target = Target.Idle();
        var page = await OpenAsync(Path);
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search processes" }).FillAsync($"{target.Pid}");
        // By its address: programs of the same name run for other tests.
        var link = Rows(page).Locator($"a[href*='/processes/{target.Pid}?']");
        await Expect(link).ToHaveTextAsync("cat");
        await Expect(page).ToHaveURLAsync(new Regex($"q={target.Pid}"));
        await link.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($@"/processes/{target.Pid}\?start=\d+"));
        await new WorkbenchPage(page).ShowsAPictureAsync();
    }

    [Fact]
    public async Task Search_ForNothing_OffersToShowAll()
    {
        var page = await OpenAsync($"{Path}?q=there-is-no-such-process");
        await Expect(page.GetByText("No process matches “there-is-no-such-process”.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Expect(Rows(page).GetByRole(AriaRole.Link).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Tree_Children_AddUpToTheirParent()
    {
        using var family = new Family();
        var page = await OpenAsync($"{Path}?q={family.Mark}");
        var rows = Rows(page).Filter(new() { HasText = family.Mark });
        await Expect(rows).ToHaveCountAsync(1 + Family.Children);
        // One look at all rows: the list is live.
        var hints = await rows.EvaluateAllAsync<string[]>("rows => rows.map(row => row.children[2].title)");
        var levels = await rows.EvaluateAllAsync<int[]>("rows => rows.map(row => Number(row.ariaLevel))");
        Assert.Equal([levels[0], .. Enumerable.Repeat(levels[0] + 1, Family.Children)], levels);
        var sums = Regex.Match(hints[0], @"^([\d,]+) bytes with the (\d+) below; ([\d,]+) bytes its own$");
        Assert.True(sums.Success, hints[0]);
        Assert.Equal(Family.Children, Number(sums.Groups[2].Value));
        Assert.Equal(Number(sums.Groups[1].Value), Number(sums.Groups[3].Value) + hints[1..].Sum(hint => Number(hint.Split(' ')[0])));

        await rows.First.Locator(".twisty").ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.First).ToHaveAttributeAsync("aria-expanded", "false");
        await page.GetByRole(AriaRole.Switch, new() { Name = "Tree" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1 + Family.Children);
        await Expect(rows.First).ToHaveAttributeAsync("aria-level", "1");
    }

    [Theory]
    [InlineData("Private", 1)]
    [InlineData("Working set", 2)]
    public async Task Column_Clicked_SortsLargestFirst(string name, int column)
    {
        var page = await OpenAsync($"{Path}?tree=0");
        var head = page.GetByRole(AriaRole.Columnheader, new() { Name = name });
        // One of the two is the order it opens with.
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "PID" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(head).Not.ToHaveAttributeAsync("aria-sort", new Regex("."));
        await head.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(head).ToHaveAttributeAsync("aria-sort", "descending");
        var figures = (await Rows(page).EvaluateAllAsync<string[]>("(rows, i) => rows.map(row => row.children[i].title)", column)).Select(hint => Number(hint.Split(' ')[0])).ToList();
        Assert.True(figures.Count > 3);
        Assert.Equal(figures.OrderDescending(), figures);
    }

    [Fact]
    public async Task AllHosts_AtOnce_NameTheirHosts()
    {
        using var family = new Family();
        await using var agent = await SecondAgent.StartAsync(Demo, "neighbour");
        var page = await OpenAsync($"/processes?q={family.Mark}&tree=0");
        // The second agent runs on the same machine, so each process is there once for each host.
        var rows = Rows(page).Filter(new() { HasText = family.Mark });
        await Expect(rows).ToHaveCountAsync(2 * (1 + Family.Children));
        await Expect(rows.Filter(new() { Has = page.GetByRole(AriaRole.Gridcell, new() { Name = "neighbour", Exact = true }) })).ToHaveCountAsync(1 + Family.Children);
        await Expect(page.Locator(".list-note")).ToContainTextAsync($"{2 * (1 + Family.Children)} processes");
    }

    private static ILocator Rows(IPage page) => page.GetByRole(AriaRole.Treegrid, new() { Name = "Processes" }).Locator(".grid-body [role=row]");

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <summary>A parent with children that all have a mark in their command lines. They end when their input closes.</summary>
    private sealed class Family : IDisposable
    {
        public const int Children = 3;

        private readonly System.Diagnostics.Process _parent;

        public Family() => _parent = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "bash", ["-c", "exec 3<&0; for i in 1 2 3; do grep -e $0 <&3 & done; wait", Mark])
        {
            RedirectStandardInput = true,
        })!;

        public string Mark { get; } = $"mark-{Guid.NewGuid():n}";

        public void Dispose()
        {
            _parent.StandardInput.Close();
            _parent.WaitForExit();
            _parent.Dispose();
        }
    }
}
