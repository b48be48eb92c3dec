using System.Globalization;
using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace WebVmMap.EndToEnd.Recordings;

/// <summary>What is saved for speedscope, opened in speedscope itself.</summary>
public sealed partial class SpeedscopeTests(DemoSystem demo)
{
    private static readonly string s_speedscope = Path.Combine(Repository.Root, "wwwroot-assets", "node_modules", "speedscope", "dist", "release");

    [Fact]
    public async Task Export_ForSpeedscope_ShowsThereWhatTheCallTreeTells()
    {
        var id = await demo.Api.RecordAsync(demo.HostId, "/usr/bin/perl", "-e", "push @receipts, 'x' x 100000 for 1..50");
        try
        {
            await CompareAsync(id);
        }
        finally
        {
            using var stopped = await demo.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
            using var deleted = await demo.Api.DeleteAsync($"/api/v1/recordings/{id}", TestContext.Current.CancellationToken);
        }
    }

    private async Task CompareAsync(string id)
    {
        while ((await demo.Api.GetJsonAsync($"/api/v1/recordings/{id}")).Text("state") is "starting" or "running")
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        var profile = await demo.Api.GetByteArrayAsync($"/api/v1/recordings/{id}/export?format=speedscope&metric=allocatedBytes", TestContext.Current.CancellationToken);
        var tree = await demo.Api.GetJsonAsync($"/api/v1/recordings/{id}/calltree?view=bottomUp&kind=heap&metric=allocatedBytes");
        var greatest = tree.GetProperty("children").EnumerateArray().Take(5)
            .Select(node => $"{InItsWords(node.Bytes("allocatedBytes"))} {node.Text("function")}").ToList();
        Assert.NotEmpty(greatest);

        await using var context = await demo.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync("http://speedscope.test/**", route => new Uri(route.Request.Url).AbsolutePath switch
        {
            "/recording.json" => route.FulfillAsync(new() { BodyBytes = profile, ContentType = "application/json" }),
            var path => route.FulfillAsync(new() { Path = Path.Combine(s_speedscope, path.TrimStart('/')) }),
        });
        await page.GotoAsync("http://speedscope.test/index.html#profileURL=http://speedscope.test/recording.json&title=receipts");
        await Expect(page).ToHaveTitleAsync("receipts - speedscope");
        await page.GetByText("Sandwich").ClickAsync();
        var rows = page.Locator("tr").Filter(new() { HasText = tree.GetProperty("children")[0].Text("function") });
        await Expect(rows.First).ToBeVisibleAsync();

        // Total, own bytes, function; only what is in sight is in its table, so the greatest are looked at.
        var shown = (await page.Locator("tr").AllInnerTextsAsync()).Select(row => Row().Match(row)).Where(row => row.Success)
            .Select(row => $"{row.Groups["own"].Value} {row.Groups["function"].Value}").ToHashSet(StringComparer.Ordinal);
        Assert.All(greatest, row => Assert.Contains(row, shown));
    }

    /// <summary>Bytes as speedscope rounds them.</summary>
    private static string InItsWords(long bytes)
    {
        string[] units = [" B", " KB", " MB", " GB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }
        return value.ToString(unit == 0 ? "F0" : "F2", CultureInfo.InvariantCulture) + units[unit];
    }

    [GeneratedRegex(@"^\s*\S+ \w+ \([<>]?[\d.]+%\)\s+(?<own>\S+ \w+) \([<>]?[\d.]+%\)\s+(?<function>\S.*?)\s*$", RegexOptions.Singleline)]
    private static partial Regex Row();
}
