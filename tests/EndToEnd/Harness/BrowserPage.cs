using Microsoft.Playwright;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>A browser page and what its console complained of. Closing it closes its context.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    public BrowserPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Add($"uncaught: {error}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Opens an address and waits until the page reacts to clicks: one before that is lost.</summary>
    public async Task GotoAsync(string url)
    {
        await Page.GotoAsync(url);
        await Page.Locator("[data-interactive='true']").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
