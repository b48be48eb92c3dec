using System.Diagnostics;
using System.Globalization;

namespace WebVmMap.Benchmarks.Live;

/// <summary>What the kernel says that a process takes.</summary>
internal sealed class ProcessFigures
{
    private readonly int _pid;
    private long _at;
    private double _cpu;

    public ProcessFigures(int pid)
    {
        _pid = pid;
        Begin();
    }

    /// <summary>Resident memory in MB of a million bytes.</summary>
    public double ResidentMb => Line("status", "VmRSS:") * 1024 / 1e6;

    /// <summary>Of that what is no page of a file, so what no other process can share.</summary>
    public double AnonymousMb => Line("status", "RssAnon:") * 1024 / 1e6;

    /// <summary>Processor time since the last call of <see cref="Begin"/>, as a share of one core in percent.</summary>
    public double CpuPercent => (CpuSeconds() - _cpu) / Stopwatch.GetElapsedTime(_at).TotalSeconds * 100;

    public void Begin()
    {
        _at = Stopwatch.GetTimestamp();
        _cpu = CpuSeconds();
    }

    // In hundredths of a second, threads that have ended included: fields 14 and 15, counted after the name, which may hold anything.
    private double CpuSeconds()
    {
        var stat = File.ReadAllText($"/proc/{_pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
    }

    private double Line(string file, string key) => File.ReadLines($"/proc/{_pid}/{file}").Where(line => line.StartsWith(key, StringComparison.Ordinal))
        .Select(line => double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).First();
}
