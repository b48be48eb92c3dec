using System.Text.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Look;

/// <summary>axe finds nothing, on any page, in either theme, with and without what opens above the page.</summary>
public sealed class AccessibilityTests(DemoSystem demo) : ScreenTest(demo)
{
    [Theory]
    [MemberData(nameof(Screens.All), MemberType = typeof(Screens))]
    public async Task Screen_CheckedByAxe_IsCleanInBothThemes(string name)
    {
        var page = await OpenScreenAsync(name);
        await CheckAsync(page);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await CheckAsync(page);
    }

    [Theory]
    [InlineData("process", ColorScheme.Light)]
    [InlineData("processes", ColorScheme.Dark)]
    [InlineData("snapshots", ColorScheme.Light)]
    [InlineData("share", ColorScheme.Dark)]
    [InlineData("shared links", ColorScheme.Light)]
    public async Task Phone_CheckedByAxe_IsClean(string name, ColorScheme colours) =>
        await CheckAsync(await OpenScreenAsync(name, 390, 844, colours));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Dialogs_CheckedByAxe_AreClean(ColorScheme colours)
    {
        var page = await OpenScreenAsync("process", colours: colours);
        await page.GetByRole(AriaRole.Button, new() { Name = "Help", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Pause and resume");
        await CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Snapshot", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Label, if you like")).ToBeFocusedAsync();
        await CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(notes|limited)$") }).ClickAsync();
        await Expect(page.GetByText("Agent's processor time")).ToBeVisibleAsync();
        await CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(AriaRole.Button, new() { Name = "How to filter" }).ClickAsync();
        await Expect(page.GetByText("Terms separated by blanks; all must hold.")).ToBeVisibleAsync();
        await CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^area ") }).ClickAsync();
        await Expect(page.Locator(".mud-popover-open")).ToBeVisibleAsync();
        await CheckAsync(page);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task ShareDialog_CheckedByAxe_IsCleanBeforeAndAfter(ColorScheme colours, int width)
    {
        var page = await OpenScreenAsync("snapshot", width, 900, colours);
        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Name, which the receiver reads")).ToBeVisibleAsync();
        await CheckAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "The link" })).ToBeVisibleAsync();
        await CheckAsync(page);
    }

    [Fact]
    public async Task SignedOutPage_CheckedByAxe_IsClean()
    {
        await using var context = await Demo.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(Demo.Url);
        await CheckAsync(page);
    }

    // Of what passes one element by rule is told: to tell all takes axe longer than to check them.
    private static readonly AxeRunOptions s_options = new() { ResultTypes = [ResultType.Violations] };

    private static async Task CheckAsync(IPage page)
    {
        var result = await page.RunAxe(s_options);
        Assert.True(result.Passes.Length > 5, "axe looked at nothing.");
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.Select(Describe)));
    }

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}\n" + string.Join("\n", violation.Nodes.Select(node => $"  {node.Target}: {node.Html}\n    {JsonSerializer.Serialize(node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}"));
}
