// What a snapshot costs: in a running agent beside the kernel's own share of it (reading /proc/PID/smaps to its end in C, parsing
// nothing), and as a program, from its start to its end, beside `pmap -X`. benchmarks/run.sh snapshot publishes the agent and runs this:
//
//   SmapsCost [--regions N] [--megabytes N] [--rounds N] [--agent PROGRAM]
//
// All take turns on one target in one run, so that other load meets all alike.
using System.Diagnostics;
using System.Globalization;
using WebVmMap.Benchmarks.SmapsCost;
using WebVmMap.Probes;

var regions = Number("--regions", 60_000);
var megabytes = Number("--megabytes", 0);
var rounds = Number("--rounds", 20);
var agent = Text("--agent", "");

using var target = CompiledProgram.Start("manyregions", Digits(regions), Digits(megabytes));
while (target.ReadLine() != "ready")
{
}
using var reader = CompiledProgram.Start("readsmaps", Digits(target.Pid));
var opened = HostProbe.ForThisMachine().Open(target.Pid, null);
if (!opened.TryGet(out var probe))
{
    Console.Error.WriteLine(opened.Message);
    return 1;
}
using (probe)
{
    var kernel = new Timing("smaps read to its end in C");
    var ours = new Timing("snapshot by a running agent's probe");
    var counters = new Timing("counters between snapshots");
    var command = new Timing("webvmmap-agent snapshot");
    var pmap = new Timing("pmap -X");
    var seen = 0;
    for (var round = -1; round < rounds; round++)
    {
        var read = reader.Ask("go").Split(' ');
        var start = Stopwatch.GetTimestamp();
        var taken = probe.TakeSnapshot(CancellationToken.None);
        var wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!taken.TryGet(out var snapshot))
        {
            Console.Error.WriteLine(taken.Message);
            return 1;
        }
        // The first round warms up: a running agent has its buffers, and where there is a JIT its code, long before.
        if (round < 0)
        {
            seen = snapshot.Regions.Count;
            continue;
        }
        kernel.Add(Parse(read[0]), Parse(read[1]));
        ours.Add(wall, snapshot.Cost.AgentCpuMs);

        start = Stopwatch.GetTimestamp();
        probe.ReadCounters();
        wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        counters.Add(wall, wall);
        if (agent.Length > 0)
        {
            ProgramRun.Measure(command, agent, "snapshot", "--pid", Digits(target.Pid));
            ProgramRun.Measure(pmap, "pmap", "-X", Digits(target.Pid));
        }
    }
    Console.WriteLine($"{seen} rows of {regions} regions, {megabytes} MiB touched, {rounds} rounds each in turn, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    Timing.PrintHeader();
    kernel.Print();
    ours.Print();
    ours.PrintRatioTo(kernel, "  times as long as smaps in C");
    if (agent.Length > 0)
    {
        command.Print();
        pmap.Print();
        pmap.PrintRatioTo(command, "  times as long as webvmmap-agent snapshot");
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"counters between snapshots: best {counters.BestWall * 1e3:F0} us, median {counters.MedianWall * 1e3:F0} us"));
    return 0;
}

string Text(string name, string usual) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : usual;

int Number(string name, int usual) => int.Parse(Text(name, Digits(usual)), CultureInfo.InvariantCulture);

static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
