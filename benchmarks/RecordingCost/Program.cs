// What recording costs: programs alone and under each tracer, in turns. benchmarks/run.sh record publishes the agent and runs this:
//
//   RecordingCost --agent PROGRAM [--rounds N] [--only pairs|programs|redis]
//
// "clock" and "cpu" are the program's own, from its start to its end; "command" is until what was recorded is on the disk.
using System.Globalization;
using WebVmMap.Benchmarks.RecordingCost;

var agent = Text("--agent", "webvmmap-agent");
var rounds = int.Parse(Text("--rounds", "9"), CultureInfo.InvariantCulture);
var only = Text("--only", "");
Tracer[] tracers = [Tracer.None, Tracer.Ours(agent), Tracer.Sampled(agent), Tracer.Heaptrack];
Console.WriteLine($"{rounds} rounds each in turn, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
try
{
    if (only is "" or "pairs")
    {
        Comparison.PrintHeader("a pair of malloc and free");
        Comparison.Run(Workload.Pairs(1), tracers, rounds);
        Comparison.Run(Workload.Pairs(2), tracers, rounds);
        Comparison.Run(Workload.Pairs(2, sizes: 8192), tracers, Math.Min(rounds, 3));
    }
    if (only is "" or "programs")
    {
        Comparison.PrintHeader("a whole program");
        Comparison.Run(Workload.Sqlite, tracers, rounds);
        Comparison.Run(Workload.Python, tracers, rounds);
        Comparison.Run(Workload.Clang(), tracers, rounds);
    }
    if (only is "" or "redis")
    {
        Redis.Run(tracers, Math.Max(3, rounds / 2));
    }
}
finally
{
    Tracer.Clean();
}

string Text(string name, string usual) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : usual;
