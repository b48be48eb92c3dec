using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using WebVmMap.Benchmarks.SmapsCost;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

namespace WebVmMap.Benchmarks.Live;

/// <summary>From the agent to painted pixels, with a process of very many regions; and the bytes on the way.</summary>
internal static class PixelsBenchmark
{
    public static async Task RunAsync(Arguments arguments)
    {
        var wanted = arguments.Number("--regions", 100_000);
        var rounds = arguments.Number("--rounds", 7);

        using var limit = MapCountLimit.For(wanted);
        var regions = Math.Min(wanted, limit.Allowed);
        using var target = CompiledProgram.Start("changing", $"{regions}", $"{regions / 100}");
        while (target.ReadLine() != "ready")
        {
        }
        PrintSizes(target, regions);

        await using var system = await RunningSystem.StartAsync(arguments);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        // By hand, so that an update is asked for at a known moment; coloured by what is in memory, so that the change is to be seen.
        var url = new Uri(system.Hub, $"/hosts/{system.HostId}/processes/{target.Pid}?every=0&view=treemap&area=size&colour=residency").AbsoluteUri;
        var opened = new List<double>();
        var updated = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var (open, update) = await RoundAsync(browser, url, target);
            // The first round starts everything: the hub's code, the browser's cache, the watch.
            if (round > 0)
            {
                opened.Add(open);
                updated.Add(update);
            }
        }
        Print("page opened until the treemap is painted", opened);
        Print("\"Sample now\" until 1 % changed is painted", updated);
    }

    private static async Task<(double Open, double Update)> RoundAsync(IBrowser browser, string url, CompiledProgram target)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await context.AddInitScriptAsync(scriptPath: Path.Combine(AppContext.BaseDirectory, "painted.js"));
        var page = await context.NewPageAsync();
        await page.GotoAsync(url, new() { WaitUntil = WaitUntilState.Commit });
        var painted = await WaitAsync(page, "benchmarkPicture.painted");
        // Whatever else the page still does at its start must not count as the change.
        await QuietAsync(page);
        target.Ask("go");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sample now" });
        await button.WaitForAsync();
        var asked = await button.EvaluateAsync<double>("button => { benchmarkPicture.changed = 0; button.click(); return performance.now() }");
        var changed = await WaitAsync(page, "benchmarkPicture.changed");
        await QuietAsync(page);
        await context.CloseAsync();
        return (painted, changed - asked);
    }

    private static async Task<double> WaitAsync(IPage page, string figure)
    {
        var value = await page.WaitForFunctionAsync($"() => {figure}", null, new() { Timeout = 60_000 });
        return await value.JsonValueAsync<double>();
    }

    private static async Task QuietAsync(IPage page)
    {
        var seen = -1;
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(2))
        {
            var changes = await page.EvaluateAsync<int>("benchmarkPicture.changes");
            if (changes != seen)
            {
                (seen, since) = (changes, Stopwatch.GetTimestamp());
            }
            await Task.Delay(100);
        }
    }

    private static void PrintSizes(CompiledProgram target, int regions)
    {
        if (!HostProbe.ForThisMachine().Open(target.Pid, null).TryGet(out var probe))
        {
            throw new InvalidOperationException("The target cannot be read.");
        }
        using (probe)
        {
            var encoder = new FrameEncoder(includeGaps: false);
            var before = Take(probe);
            var key = encoder.Key(before);
            target.Ask("go");
            var delta = encoder.Next(Take(probe));
            Bytes("agent to hub, key frame", key.Length, regions);
            Bytes("agent to hub, 1 % changed", delta.Length, regions);
            Bytes("snapshot at rest, compressed", SnapshotCodec.Encode(before).Length, regions);
        }
    }

    private static Snapshot Take(IProcessProbe probe) =>
        probe.TakeSnapshot(CancellationToken.None).TryGet(out var snapshot) ? snapshot : throw new InvalidOperationException("The target cannot be read.");

    private static void Bytes(string what, int bytes, int regions) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-44}{bytes,12:N0} bytes{(double)bytes / regions,8:F2} a region of {regions:N0}"));

    private static void Print(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{what,-44} best {milliseconds[0],6:F0} ms   median {milliseconds[milliseconds.Count / 2],6:F0} ms"));
    }
}
