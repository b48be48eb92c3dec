using System.Globalization;

namespace WebVmMap.Benchmarks.RecordingCost;

/// <summary>Runs one program in turns alone and under each tracer, and prints how many times as long it took.</summary>
internal static class Comparison
{
    public static void PrintHeader(string what)
    {
        Console.WriteLine();
        Console.WriteLine($"{what,-50}{"",20}{"clock best",12}{"median",9}{"cpu best",10}{"median",9}{"command",9}  ");
    }

    public static void Run(Workload workload, Tracer[] tracers, int rounds)
    {
        var runs = tracers.ToDictionary(tracer => tracer.Name, _ => new List<MeasuredRun>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var tracer in tracers)
            {
                // A slow peer gets few rounds: its figure is far from the others'.
                if (tracer != Tracer.Heaptrack || round < Math.Max(2, rounds / 4))
                {
                    try
                    {
                        runs[tracer.Name].Add(MeasuredRun.Of(workload, tracer));
                    }
                    catch (InvalidOperationException failure) when (tracer == Tracer.Heaptrack)
                    {
                        Console.WriteLine(failure.Message.Split('\n')[0]);
                        break;
                    }
                }
            }
        }
        var alone = runs[Tracer.None.Name];
        foreach (var tracer in tracers.Where(tracer => runs[tracer.Name].Count > 0))
        {
            var own = runs[tracer.Name];
            var health = own[^1].Health;
            var extra = workload.PrintsItsOwn && tracer != Tracer.None ? $"  +{Text(own.Min(run => run.Cpu) - alone.Min(run => run.Cpu), "F0")} ns of cpu a pair" : "";
            var events = health is null || tracer.Words.Contains("--sample") ? "" : $"  {health.Events:N0} events, {health.DroppedEvents:N0} lost, {health.Waits:N0} waits of {health.WaitedNs / 1e6:F0} ms";
            var rate = workload.PrintsItsOwn && tracer != Tracer.None && !tracer.Words.Contains("--sample") ? $"  {Text(2e3 / own.Min(run => run.Wall), "F1")} M events a second" : "";
            Console.WriteLine(
                $"{workload.Name,-50}{tracer.Name,-20}"
                + (tracer == Tracer.None
                    ? $"{Unit(workload, own.Min(run => run.Wall)),12}{Unit(workload, Median(own, run => run.Wall)),9}{Unit(workload, own.Min(run => run.Cpu)),10}{Unit(workload, Median(own, run => run.Cpu)),9}{Text(own.Min(run => run.Command), "F2") + " s",9}"
                    : $"{Ratio(own, alone, run => run.Wall)}{RatioOfMedians(own, alone, run => run.Wall)}{Ratio(own, alone, run => run.Cpu),10}{RatioOfMedians(own, alone, run => run.Cpu)}{Ratio(own, alone, run => run.Command).TrimStart(),9}")
                + extra + events + rate);
        }
    }

    public static double Median<T>(IReadOnlyList<T> runs, Func<T, double> figure)
    {
        var sorted = runs.Select(figure).Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static string Ratio(List<MeasuredRun> runs, List<MeasuredRun> alone, Func<MeasuredRun, double> figure) => $"{Text(runs.Min(figure) / alone.Min(figure), "F2") + "x",12}"[^12..];

    private static string RatioOfMedians(List<MeasuredRun> runs, List<MeasuredRun> alone, Func<MeasuredRun, double> figure) => $"{Text(Median(runs, figure) / Median(alone, figure), "F2") + "x",9}";

    private static string Unit(Workload workload, double figure) => workload.PrintsItsOwn ? $"{Text(figure, "F0")} ns" : $"{Text(figure, "F2")} s";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
