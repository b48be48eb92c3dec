using System.Diagnostics;
using System.Globalization;
using WebVmMap.Benchmarks.Attach;
using WebVmMap.Core.Processes;
using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

// Attaches to and detaches from six kinds of busy programs, and says for how long they were stopped and what became of them; or kills the agents in the midst of that, or measures the count of a heap.
var cycles = 1000;
var demo = "";
var kills = 0;
var heap = 0;
var rounds = 5;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--cycles":
            cycles = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--kill":
            kills = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--heap":
            heap = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--rounds":
            rounds = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--victim":
            await KilledAgents.AttachAsync(int.Parse(args[i + 1], CultureInfo.InvariantCulture));
            return 0;
        case "--demo":
            demo = args[i + 1];
            break;
    }
}
var folder = Directory.CreateTempSubdirectory("webvmmap-attach-").FullName;
var source = Path.Combine(AppContext.BaseDirectory, "c");
if (heap > 0)
{
    Compile("gcc", "heap.c", "heap");
    Compile("gcc", "readheap.c", "readheap");
    var code = await HeapCount.RunAsync(folder, heap, rounds);
    Directory.Delete(folder, recursive: true);
    return code;
}
Compile("gcc", "busy.c", "busy-c");
Compile("g++", "busy.cpp", "busy-cpp");
(string Kind, Func<BusyProgram> Start)[] kinds =
[
    Kind("C, 4 threads", Path.Combine(folder, "busy-c")),
    Kind("C++, 2 threads", Path.Combine(folder, "busy-cpp"), "2"),
    Kind("500 threads", Path.Combine(folder, "busy-cpp"), "500", "rest"),
    Kind("Python", "/usr/bin/python3", "-c", "while True: x = {str(i): [i] * 100 for i in range(1000)}"),
    Kind(".NET", demo),
    ("redis", () => BusyProgram.StartRedis(16399)),
];
if (kills > 0)
{
    var gone = KilledAgents.Run(kinds, kills);
    Directory.Delete(folder, recursive: true);
    return gone == 0 ? 0 : 1;
}
BusyProgram[] programs = [.. kinds.Select(kind => kind.Start())];
foreach (var program in programs)
{
    Signal("STOP", program.Id);
}
Console.WriteLine($"{"",-16}{"cycles",8}{"recorded",10}{"failed",8}{"harmed",8}{"attach: median",16}{"p99 ms",9}{"max ms",9}{"in all: median",16}{"p99 ms",9}{"max ms",9}");
var harmed = 0;
foreach (var program in programs)
{
    Signal("CONT", program.Id);
    var (attached, stopped) = (new List<double>(), new List<double>());
    var (events, failed) = (0L, 0);
    for (var cycle = 0; cycle < cycles / programs.Length && !program.HasEnded; cycle++)
    {
        try
        {
            await using var recording = new LinuxRecorder().Attach(new AttachRequest(new ProcessKey(program.Id, 0)));
            var stopping = false;
            var (stoppedNs, told) = (0L, 0L);
            await foreach (var interval in recording.ReadAsync(CancellationToken.None))
            {
                if (!stopping)
                {
                    stopping = true;
                    attached.Add(interval.Health.StoppedNs / 1e6);
                    _ = recording.StopAsync();
                }
                (stoppedNs, told) = (interval.Health.StoppedNs, interval.Health.Events);
            }
            events += told > 0 ? 1 : 0;
            stopped.Add(stoppedNs / 1e6);
        }
        catch (RecordingException exception)
        {
            failed++;
            Console.Error.WriteLine($"{program.Kind}, cycle {cycle}: {exception.Message}");
        }
    }
    var lives = !program.HasEnded;
    if (lives)
    {
        var before = program.Ticks;
        lives = SpinWait.SpinUntil(() => program.HasEnded || program.Ticks > before, TimeSpan.FromSeconds(30)) && !program.HasEnded;
    }
    harmed += lives ? 0 : 1;
    attached.Sort();
    stopped.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{program.Kind,-16}{stopped.Count + failed,8}{events,10}{failed,8}{(lives ? 0 : 1),8}{At(attached, 0.5),16:0.00}{At(attached, 0.99),9:0.00}{At(attached, 1),9:0.00}{At(stopped, 0.5),16:0.00}{At(stopped, 0.99),9:0.00}{At(stopped, 1),9:0.00}"));
    program.Dispose();
}
Directory.Delete(folder, recursive: true);
return harmed == 0 ? 0 : 1;

static (string Kind, Func<BusyProgram> Start) Kind(string kind, params string[] command) => (kind, () => BusyProgram.Start(kind, command));

static double At(List<double> sorted, double share) => sorted.Count == 0 ? 0 : sorted[(int)Math.Min(sorted.Count * share, sorted.Count - 1)];

static void Signal(string signal, int id)
{
    using var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
    kill.WaitForExit();
}

void Compile(string compiler, string from, string to)
{
    using var process = Process.Start(compiler, ["-O2", "-g", "-o", Path.Combine(folder, to), Path.Combine(source, from), "-lpthread"]);
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"{from} could not be compiled.");
    }
}
