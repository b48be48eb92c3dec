// What a full pass of the probe costs beside the kernel's own share of it: reading /proc/PID/smaps to its end in C, parsing nothing.
//
//   dotnet run -c Release --project benchmarks/SmapsCost [REGIONS [MEGABYTES [ROUNDS]]]
//
// Both take turns on one target in one run, so that other load meets both alike; the best of each counts.
using System.Diagnostics;
using System.Globalization;
using WebVmMap.Benchmarks.SmapsCost;
using WebVmMap.Probes;

var regions = Argument(0, 60_000);
var megabytes = Argument(1, 4096);
var rounds = Argument(2, 40);

using var target = CompiledProgram.Start("manyregions", Text(regions), Text(megabytes));
while (target.ReadLine() != "ready")
{
}
using var reader = CompiledProgram.Start("readsmaps", Text(target.Pid));
var opened = HostProbe.ForThisMachine().Open(target.Pid, null);
if (!opened.TryGet(out var probe))
{
    Console.Error.WriteLine(opened.Message);
    return 1;
}
using (probe)
{
    var kernel = new List<double>();
    var ours = new List<double>();
    var counters = new List<double>();
    var seen = 0;
    for (var round = 0; round < rounds; round++)
    {
        kernel.Add(double.Parse(reader.Ask("go").Split(' ')[0], CultureInfo.InvariantCulture));

        var start = Stopwatch.GetTimestamp();
        var taken = probe.TakeSnapshot(CancellationToken.None);
        ours.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (!taken.TryGet(out var snapshot))
        {
            Console.Error.WriteLine(taken.Message);
            return 1;
        }
        seen = snapshot.Regions.Count;

        start = Stopwatch.GetTimestamp();
        probe.ReadCounters();
        counters.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
    }
    kernel.Sort();
    ours.Sort();
    counters.Sort();
    var middle = rounds / 2;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen} rows of {regions} regions, {megabytes} MiB touched, {rounds} rounds each in turn"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"smaps read in C     best {kernel[0],8:F2} ms   median {kernel[middle],8:F2} ms"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"TakeSnapshot        best {ours[0],8:F2} ms   median {ours[middle],8:F2} ms"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio               best {ours[0] / kernel[0],8:F3}      median {ours[middle] / kernel[middle],8:F3}"));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ReadCounters        best {counters[0],8:F2} us   median {counters[middle],8:F2} us"));
    return 0;
}

int Argument(int index, int usual) => index < args.Length ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
