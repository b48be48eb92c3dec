using System.Globalization;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>A line of <c>/proc/PID/maps</c>.</summary>
internal readonly record struct TargetMapping(ulong Start, ulong End, bool Executable, ulong Offset, string Path)
{
    /// <summary>The file's name; empty for a mapping of none.</summary>
    public string Name => System.IO.Path.GetFileName(Path.EndsWith(" (deleted)", StringComparison.Ordinal) ? Path[..^10] : Path);

    /// <summary>All of a process's mappings of files, by address, and with them those of anything that can be run.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static List<TargetMapping> Read(int pid)
    {
        var all = new List<TargetMapping>();
        foreach (var line in File.ReadLines($"/proc/{pid}/maps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var executable = words[1].Contains('x', StringComparison.Ordinal);
            if (words.Length < 6 && !executable)
            {
                continue;
            }
            var dash = words[0].IndexOf('-', StringComparison.Ordinal);
            all.Add(new TargetMapping(
                ulong.Parse(words[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(words[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                executable,
                ulong.Parse(words[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                words.Length < 6 ? "" : words[5]));
        }
        return all;
    }
}
