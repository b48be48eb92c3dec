using System.Globalization;
using WebVmMap.Benchmarks.SmapsCost;

namespace WebVmMap.Benchmarks.Live;

/// <summary>What the agent takes while it is connected and nobody asks for anything, and while it watches a process.</summary>
internal static class FootprintBenchmark
{
    public static async Task RunAsync(Arguments arguments)
    {
        var seconds = arguments.Number("--seconds", 60);
        var regions = arguments.Number("--regions", 300);

        await using var system = await RunningSystem.StartAsync(arguments);
        using var target = CompiledProgram.Start("changing", $"{regions}", $"{Math.Max(regions / 100, 1)}");
        while (target.ReadLine() != "ready")
        {
        }
        var agent = new ProcessFigures(system.AgentPid);
        Console.WriteLine($"{"agent, " + seconds + " s each",-44}{"resident MB",12}{"anonymous MB",14}{"cpu %",8}");
        await MeasureAsync("connected, asked for nothing", agent, seconds);
        await using (var viewer = new Viewer(system.Hub))
        {
            await viewer.StartAsync(new WatchRequest(system.HostId, target.Pid, "0", 2_000));
            await viewer.FirstFrame;
            await MeasureAsync($"watching a process of {regions} regions at 2 s", agent, seconds);
        }
        // The hub keeps a watch for a few seconds, in case the page is only reloaded.
        await Task.Delay(TimeSpan.FromSeconds(10));
        await MeasureAsync("asked for nothing again", agent, seconds);
    }

    private static async Task MeasureAsync(string what, ProcessFigures agent, int seconds)
    {
        agent.Begin();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44}{agent.ResidentMb,12:F1}{agent.AnonymousMb,14:F1}{agent.CpuPercent,8:F2}"));
    }
}
