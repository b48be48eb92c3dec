using System.Diagnostics;
using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Benchmarks.Attach;

/// <summary>How long it takes to count the heap of a process that is attached to, beside reading the same memory in C and doing nothing with it, and whether the count is right.</summary>
internal static class HeapCount
{
    public static async Task<int> RunAsync(string folder, int blocks, int rounds)
    {
        var (heap, reader) = (Path.Combine(folder, "heap"), Path.Combine(folder, "readheap"));
        var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "\"$0\" \"$1\" & echo $!; wait $!", heap, $"{blocks}"]) { RedirectStandardOutput = true })!;
        try
        {
            var pid = int.Parse((await shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            var known = (await shell.StandardOutput.ReadLineAsync())!.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{known[0]:N0} blocks of {known[1] / 1e6:N0} MB, by the program's own count"));
            var (read, counted) = (new List<(double Ms, double CpuMs)>(), new List<(double Ms, double CpuMs)>());
            var bytes = 0L;
            for (var round = 0; round < rounds; round++)
            {
                using (var process = Process.Start(new ProcessStartInfo(reader, [$"{pid}"]) { RedirectStandardOutput = true })!)
                {
                    var words = (await process.StandardOutput.ReadToEndAsync()).Split(' ');
                    bytes = long.Parse(words[0], CultureInfo.InvariantCulture);
                    read.Add((double.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture)));
                }
                counted.Add(await CountAsync(pid, known[0], known[1]));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rounds} rounds | best | median | median of the processor |"));
            Tell(string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB read by process_vm_readv in C"), read);
            Tell("heap counted after an attach", counted);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| times as long | {counted.Min(one => one.Ms) / read.Min(one => one.Ms):0.00} | {Median(counted, one => one.Ms) / Median(read, one => one.Ms):0.00} | {Median(counted, one => one.CpuMs) / Median(read, one => one.CpuMs):0.00} |"));
            return 0;
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
            shell.Dispose();
        }
    }

    // From when the attach is done until the blocks are among the recording's.
    private static async Task<(double Ms, double CpuMs)> CountAsync(int pid, long blocks, long bytes)
    {
        await using var recording = new LinuxRecorder(new RecorderOptions { Interval = TimeSpan.FromMilliseconds(5) }).Attach(new AttachRequest(new ProcessKey(pid, 0)));
        var (from, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var (ms, cpuMs) = (0.0, 0.0);
        var state = new RecordingState();
        await foreach (var interval in recording.ReadAsync(CancellationToken.None))
        {
            state.Apply(interval);
            if (ms == 0 && interval.Health.Before != HeapBefore.UnderWay)
            {
                (ms, cpuMs) = (Stopwatch.GetElapsedTime(from).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
                _ = recording.StopAsync();
            }
        }
        // The C library keeps some for itself, of which the program does not know.
        var (more, moreBytes) = (state.Before.LiveBlocks - blocks, state.Before.LiveBytes - bytes);
        return state.Health is { Before: HeapBefore.Counted, BeforeUnwalkedBytes: 0, BeforeCountedOnly: 0 } && more is >= 0 and <= 80 && moreBytes is >= 0 and <= 1 << 20
            ? (ms, cpuMs)
            : throw new InvalidOperationException($"The count is {state.Health.Before}: {more} blocks and {moreBytes} bytes more than the program has.");
    }

    private static void Tell(string what, List<(double Ms, double CpuMs)> times) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {what} | {times.Min(time => time.Ms):0} ms | {Median(times, time => time.Ms):0} ms | {Median(times, time => time.CpuMs):0} ms |"));

    private static double Median(List<(double Ms, double CpuMs)> times, Func<(double Ms, double CpuMs), double> figure) => times.Select(figure).Order().ElementAt(times.Count / 2);
}
