using Microsoft.Playwright;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>
/// A test that looks at pages. When it is over its pages are closed, and it fails when a console complained of anything:
/// an error, a warning, a breach of the content security policy.
/// </summary>
public abstract class BrowserTest(DemoSystem demo) : IAsyncDisposable
{
    private readonly List<BrowserPage> _pages = [];

    /// <summary>Ends a wait of the test when the run is cancelled.</summary>
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected DemoSystem Demo => demo;

    /// <summary>Opens a page of the hub, signed in, and waits until it reacts to clicks.</summary>
    protected async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var page = Keep(await demo.NewPageAsync(width, height, colours));
        await page.GotoAsync(path.StartsWith("http", StringComparison.Ordinal) ? path : demo.Url + path);
        return page.Page;
    }

    /// <summary>Opens the page of a live process and waits for its first picture.</summary>
    protected async Task<WorkbenchPage> OpenProcessAsync(int pid, string query = "", int width = 1440, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        var workbench = new WorkbenchPage(await OpenAsync($"/hosts/{demo.HostId}/processes/{pid}{query}", width, height, colours));
        await workbench.ShowsAPictureAsync();
        return workbench;
    }

    /// <summary>Has a page closed, and its complaints counted, at the end.</summary>
    protected BrowserPage Keep(BrowserPage page)
    {
        _pages.Add(page);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            await PhotographAsync();
        }
        foreach (var page in _pages)
        {
            await page.DisposeAsync();
        }
        string[] complaints = [.. _pages.SelectMany(page => page.Complaints)];
        Assert.True(complaints.Length == 0, string.Join("\n", complaints));
    }

    // What was to be seen when it failed says more than any message.
    private async Task PhotographAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "webvmmap-e2e-failures"));
        var name = string.Concat(TestContext.Current.Test?.TestDisplayName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ?? "test");
        for (var i = 0; i < _pages.Count; i++)
        {
            var file = Path.Combine(folder.FullName, $"{name}-{i}.png");
            await _pages[i].Page.ScreenshotAsync(new() { Path = file });
            TestContext.Current.TestOutputHelper?.WriteLine($"{_pages[i].Page.Url} looked like {file}");
        }
    }
}
