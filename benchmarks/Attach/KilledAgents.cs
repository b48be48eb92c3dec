using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Benchmarks.Attach;

/// <summary>Agents that are killed at random moments of an attach, each at a program of its own: whether that lives on and does what it did.</summary>
internal static class KilledAgents
{
    private const int LongestMs = 12;

    /// <summary>Attaches and detaches, and says when: for a process that is to be killed meanwhile.</summary>
    public static async Task AttachAsync(int id)
    {
        Console.WriteLine("begins");
        await using (var recording = new LinuxRecorder().Attach(new AttachRequest(new ProcessKey(id, 0))))
        {
            await recording.StopAsync();
        }
        Console.WriteLine("done");
    }

    /// <summary>Kills so many.</summary>
    /// <returns>How many programs were harmed.</returns>
    public static int Run((string Kind, Func<BusyProgram> Start)[] programs, int kills)
    {
        var random = new Random(1);
        var harmedInAll = 0;
        Console.WriteLine($"{"",-16}{"killed",8}{"midway",8}{"harmed",8}");
        foreach (var (kind, start) in programs)
        {
            var (midway, harmed) = (0, 0);
            for (var kill = 0; kill < kills / programs.Length; kill++)
            {
                using var program = start();
                Wait(program);
                using var agent = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--victim", program.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
                _ = agent.StandardOutput.ReadLine();
                var until = Stopwatch.GetTimestamp() + (long)(random.NextDouble() * LongestMs / 1000 * Stopwatch.Frequency);
                while (Stopwatch.GetTimestamp() < until)
                {
                }
                agent.Kill();
                midway += agent.StandardOutput.ReadToEnd().Contains("done", StringComparison.Ordinal) ? 0 : 1;
                agent.WaitForExit();
                harmed += Wait(program) ? 0 : 1;
            }
            Console.WriteLine($"{kind,-16}{kills / programs.Length,8}{midway,8}{harmed,8}");
            harmedInAll += harmed;
        }
        return harmedInAll;
    }

    // Until it has worked a while: three ticks of the processor's clock.
    private static bool Wait(BusyProgram program)
    {
        var before = program.HasEnded ? 0 : program.Ticks;
        return SpinWait.SpinUntil(() => program.HasEnded || program.Ticks > before + 2, TimeSpan.FromSeconds(30)) && !program.HasEnded;
    }
}
