using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Benchmarks.RecordingCost;

/// <summary>What one run of a program took, in seconds; of a program that prints its own figures, in nanoseconds for each pair.</summary>
/// <param name="Wall">Of the program, by the clock.</param>
/// <param name="Cpu">Of the program, by the processor.</param>
/// <param name="Command">Of the whole command, until what was recorded is on the disk, in seconds.</param>
/// <param name="Health">What ours says of the recording; null of others.</param>
internal sealed record MeasuredRun(double Wall, double Cpu, double Command, RecordingHealth? Health)
{
    private static readonly Lazy<string> s_measured = new(() => Workload.Script(Workload.Compile("measured.c", "-static")));

    public static MeasuredRun Of(Workload workload, Tracer tracer)
    {
        var times = Path.GetTempFileName();
        File.Delete(Tracer.Recording);
        string[] words = [.. tracer.Words, s_measured.Value, times, workload.Input, .. workload.Command];
        var start = Stopwatch.GetTimestamp();
        var run = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Python's own allocator would hide nearly all of what it allocates, from every tracer alike.
        run.Environment["PYTHONMALLOC"] = "malloc";
        using var process = Process.Start(run)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var command = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var told = File.ReadAllText(times).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        File.Delete(times);
        if (process.ExitCode != 0 || told.Length != 2)
        {
            throw new InvalidOperationException($"{workload.Name} under {tracer.Name} ended with {process.ExitCode}: {errors.Result}");
        }
        var own = workload.PrintsItsOwn ? Own(output) : null;
        return new MeasuredRun(own?.Wall ?? Number(told[0]), own?.Cpu ?? Number(told[1]), command, ReadHealth());
    }

    private static (double Cpu, double Wall)? Own(string output)
    {
        foreach (var words in output.Split('\n').Select(line => line.Split(' ')))
        {
            if (words.Length == 2 && double.TryParse(words[0], CultureInfo.InvariantCulture, out var cpu) && double.TryParse(words[1], CultureInfo.InvariantCulture, out var wall))
            {
                return (cpu, wall);
            }
        }
        throw new InvalidOperationException($"It did not print its figures: {output}");
    }

    private static RecordingHealth? ReadHealth()
    {
        if (!File.Exists(Tracer.Recording))
        {
            return null;
        }
        using var file = File.OpenRead(Tracer.Recording);
        return RecordingFile.Read(file).Last().Health;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
