using System.Globalization;
using WebVmMap.Benchmarks.SmapsCost;

namespace WebVmMap.Benchmarks.Live;

/// <summary>Many viewers of one process on one hub, in turns without and with some that read nothing.</summary>
internal static class ViewersBenchmark
{
    public static async Task RunAsync(Arguments arguments)
    {
        var viewers = arguments.Number("--viewers", 500);
        var stalled = arguments.Number("--stalled", 5);
        var regions = arguments.Number("--regions", 10_000);
        var changed = arguments.Number("--changed", 1_500);
        var seconds = arguments.Number("--seconds", 30);
        var turns = arguments.Number("--turns", 2);

        await using var system = await RunningSystem.StartAsync(arguments);
        using var target = CompiledProgram.Start("changing", $"{regions}", $"{changed}");
        while (target.ReadLine() != "ready")
        {
        }
        var request = new WatchRequest(system.HostId, target.Pid, "0", 1_000);
        using var stop = new CancellationTokenSource();
        var changing = ChangeAsync(target, stop.Token);
        var hub = new ProcessFigures(system.HubPid);
        var idleMb = hub.ResidentMb;
        var watching = new List<Viewer>();
        try
        {
            for (var i = 0; i < viewers; i++)
            {
                watching.Add(new Viewer(system.Hub));
                await watching[^1].StartAsync(request);
            }
            await Task.WhenAll(watching.Select(viewer => viewer.FirstFrame)).WaitAsync(TimeSpan.FromMinutes(1));

            Console.WriteLine($"{viewers} viewers of one process of {regions} regions, {changed} of them changing every half second, at 1 s; {stalled} that read nothing in every second turn");
            Console.WriteLine($"{"turn of " + seconds + " s",-18}{"ticks",6}{"frames",8}{"missed",8}{"skips",7}{"ended",7}{"KB/frame",10}{"gap ms: median",16}{"longest",9}{"hub cpu %",11}{"hub MB",8}{"let go",8}");
            var longest = new Dictionary<bool, List<double>> { [false] = [], [true] = [] };
            for (var turn = 0; turn < 2 * turns; turn++)
            {
                var withStalled = turn % 2 == 1;
                longest[withStalled].Add(await TurnAsync(system, request, watching, hub, withStalled ? stalled : 0, seconds));
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"longest gap of any viewer, with stalled ones / without: {longest[true].Min() / longest[false].Min():F2} (best turns), {longest[true].Max() / longest[false].Max():F2} (worst turns)"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hub before the first viewer: {idleMb:F0} MB"));
        }
        finally
        {
            await stop.CancelAsync();
            await changing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(watching.Select(viewer => viewer.DisposeAsync().AsTask()));
        }
    }

    /// <returns>The longest gap of any viewer, in milliseconds.</returns>
    private static async Task<double> TurnAsync(RunningSystem system, WatchRequest request, List<Viewer> viewers, ProcessFigures hub, int stalled, int seconds)
    {
        var silent = await Task.WhenAll(Enumerable.Range(0, stalled).Select(_ => StalledViewer.StartAsync(system.Hub, request)));
        foreach (var viewer in viewers)
        {
            viewer.Take();
        }
        hub.Begin();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var cpu = hub.CpuPercent;
        var counts = viewers.ConvertAll(viewer => viewer.Take());
        var letGo = (await Task.WhenAll(silent.Select(viewer => viewer.WasLetGoAsync()))).Count(gone => gone);
        foreach (var viewer in silent)
        {
            viewer.Dispose();
        }
        var gaps = counts.Select(count => count.LongestGap.TotalMilliseconds).Order().ToArray();
        var frames = counts.Sum(count => count.Frames);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(stalled == 0 ? "all read" : stalled + " stalled"),-18}{counts.Max(count => count.Frames),6}{frames,8}{counts.Sum(count => count.Missed),8}{counts.Sum(count => count.Skips),7}{counts.Count(count => count.Ended),7}{counts.Sum(count => count.Bytes) / 1e3 / Math.Max(frames, 1),10:F1}{gaps[gaps.Length / 2],16:F0}{gaps[^1],9:F0}{cpu,11:F1}{hub.ResidentMb,8:F0}{(stalled == 0 ? "" : $"{letGo}"),8}"));
        return gaps[^1];
    }

    private static async Task ChangeAsync(CompiledProgram target, CancellationToken cancellation)
    {
        while (true)
        {
            target.Ask("go");
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        }
    }
}
