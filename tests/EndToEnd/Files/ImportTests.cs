using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Files;

/// <summary>Files that are dropped on a page or chosen become snapshots, and what cannot be read says why.</summary>
public sealed class ImportTests(DemoSystem demo) : BrowserTest(demo)
{
    [Theory]
    [InlineData("wvm")]
    [InlineData("mmp")]
    public async Task File_DroppedOnAnyPage_OpensAsASnapshot(string format)
    {
        using var target = Target.Idle();
        var taken = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        var file = await Demo.Api.GetByteArrayAsync($"/api/v1/snapshots/{taken}/export?format={format}", Cancellation);
        var page = await OpenAsync("/hosts");

        var transfer = await page.EvaluateHandleAsync(
            "([name, text]) => { const transfer = new DataTransfer(); transfer.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name)); return transfer }",
            new[] { $"cat.{format}", Convert.ToBase64String(file) });
        await page.DispatchEventAsync("main", "dragover", new { dataTransfer = transfer });
        await Expect(page.GetByText("Drop files to open them as snapshots")).ToBeVisibleAsync();
        await page.DispatchEventAsync("main", "drop", new { dataTransfer = transfer });

        await Expect(page).ToHaveURLAsync(new Regex("/snapshots/[A-Za-z0-9_-]{22}$"));
        await new WorkbenchPage(page).ShowsAPictureAsync();
        await Expect(page.GetByText("Drop files to open them as snapshots")).ToBeHiddenAsync();
        var before = (await Demo.Api.GetJsonAsync($"/api/v1/snapshots/{taken}")).GetProperty("total");
        var after = (await Demo.Api.GetJsonAsync($"/api/v1{new Uri(page.Url).AbsolutePath}")).GetProperty("total");
        Assert.All(["size", "committed", "private", "totalWs"], column => Assert.Equal(before.Bytes(column), after.Bytes(column)));
        // Nobody watches what came out of a file.
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Watch live" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(390, 844, ColorScheme.Dark)]
    public async Task Files_ChosenOneBad_OpenTheGoodOnesAndSayWhyNot(int width, int height, ColorScheme colours)
    {
        using var target = Target.Idle();
        var taken = await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid);
        var good = await Demo.Api.GetByteArrayAsync($"/api/v1/snapshots/{taken}/export?format=csv", Cancellation);
        // A refusal is an error in the browser's console, so this page is not one whose console has to stay silent.
        await using var kept = await Demo.OpenAsync("/snapshots", width, height, colours);
        var page = kept.Page;

        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Open file…" }).PressAsync("Enter"));
        await chooser.SetFilesAsync(
        [
            new FilePayload { Name = "one.csv", MimeType = "text/csv", Buffer = good },
            new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "nothing"u8.ToArray() },
            new FilePayload { Name = "two.csv", MimeType = "text/csv", Buffer = good },
        ]);

        var panel = page.GetByRole(AriaRole.Region, new() { Name = "Opened files" });
        var lines = panel.GetByRole(AriaRole.Listitem);
        await Expect(lines).ToHaveCountAsync(3);
        await Expect(lines.Nth(1)).ToContainTextAsync("'notes.txt' cannot be read as a snapshot.");
        await Expect(lines.Nth(2).GetByRole(AriaRole.Link)).ToContainTextAsync("cat at ");
        Assert.Empty((await page.RunAxe()).Violations);
        await lines.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/snapshots/[A-Za-z0-9_-]{22}$"));
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(panel).ToBeHiddenAsync();
    }

    [Fact]
    public async Task ExportMenu_OfASnapshot_SavesEveryFormat()
    {
        using var target = Target.Idle();
        var page = await OpenAsync($"/snapshots/{await Demo.Api.TakeSnapshotAsync(Demo.HostId, target.Pid)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        Assert.Empty((await page.RunAxe()).Violations);
        foreach (var format in (string[])["wvm", "json", "csv", "mmp"])
        {
            var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = $".{format}" }).ClickAsync());
            Assert.EndsWith($".{format}", saved.SuggestedFilename, StringComparison.Ordinal);
            Assert.True(new FileInfo(await saved.PathAsync()).Length > 200);
        }
    }
}
