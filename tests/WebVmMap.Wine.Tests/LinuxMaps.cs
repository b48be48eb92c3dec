using System.Globalization;

namespace WebVmMap.Wine.Tests;

/// <summary>What the Linux kernel says about a program that Wine runs: the same addresses, from another source.</summary>
internal static class LinuxMaps
{
    /// <summary>The ranges of addresses that are mapped, ascending, neighbours joined.</summary>
    public static List<(ulong Start, ulong End)> Read(int pid)
    {
        var ranges = new List<(ulong Start, ulong End)>();
        foreach (var line in File.ReadLines($"/proc/{pid}/maps"))
        {
            var bounds = line.Split(' ')[0].Split('-');
            var start = ulong.Parse(bounds[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var end = ulong.Parse(bounds[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (ranges.Count > 0 && ranges[^1].End == start)
            {
                ranges[^1] = (ranges[^1].Start, end);
            }
            else
            {
                ranges.Add((start, end));
            }
        }
        return ranges;
    }

    /// <summary>A figure of /proc/PID/status, in bytes.</summary>
    public static long Status(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{pid}/status").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(':', 2)[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
