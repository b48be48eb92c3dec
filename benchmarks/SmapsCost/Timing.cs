using System.Globalization;

namespace WebVmMap.Benchmarks.SmapsCost;

/// <summary>Milliseconds that one thing took, round by round: of the clock, and of the processor, which neighbours disturb less.</summary>
internal sealed class Timing(string name)
{
    private readonly List<double> _wall = [];
    private readonly List<double> _cpu = [];

    public double BestWall => _wall.Min();

    public double MedianWall => Median(_wall);

    public double BestCpu => _cpu.Min();

    public double MedianCpu => Median(_cpu);

    public void Add(double wallMs, double cpuMs)
    {
        _wall.Add(wallMs);
        _cpu.Add(cpuMs);
    }

    public void Print() => Line(name, BestWall, MedianWall, BestCpu, MedianCpu, "F1");

    /// <summary>How many times as long as the other this took.</summary>
    public void PrintRatioTo(Timing other, string what) =>
        Line(what, BestWall / other.BestWall, MedianWall / other.MedianWall, BestCpu / other.BestCpu, MedianCpu / other.MedianCpu, "F2");

    public static void PrintHeader() => Console.WriteLine($"{"milliseconds",-44}{"best",10}{"median",10}{"best cpu",10}{"median cpu",12}");

    private static void Line(string what, double bestWall, double medianWall, double bestCpu, double medianCpu, string format)
    {
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        Console.WriteLine($"{what,-44}{Text(bestWall),10}{Text(medianWall),10}{Text(bestCpu),10}{Text(medianCpu),12}");
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
