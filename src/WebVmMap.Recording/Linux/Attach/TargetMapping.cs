using System.Globalization;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>A line of <c>/proc/PID/maps</c>: https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind its last.</param>
/// <param name="Executable">Whether what lies there can be run.</param>
/// <param name="IsData">Whether it can be read and written, and is the process's own.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Path">The file or name; empty for none.</param>
internal readonly record struct TargetMapping(ulong Start, ulong End, bool Executable, bool IsData, ulong Offset, string Path)
{
    /// <summary>What the kernel calls the memory that grows by <c>brk</c>.</summary>
    public const string Heap = "[heap]";

    /// <summary>Whether it is memory of no file, which a program or its allocator got by <c>mmap</c>. Since 2.39 glibc names its own.</summary>
    public bool IsAnonymous => IsData && (Path.Length == 0 || Path.StartsWith("[anon: glibc: malloc", StringComparison.Ordinal));

    /// <summary>The file's name; empty for a mapping of none.</summary>
    public string Name => System.IO.Path.GetFileName(Path.EndsWith(" (deleted)", StringComparison.Ordinal) ? Path[..^10] : Path);

    /// <summary>All of a process's mappings of files, by address, and with them those of anything that can be run.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static List<TargetMapping> Read(int pid) => Read(pid, isWhole: false);

    /// <summary>All mappings of a process, by address.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public static List<TargetMapping> ReadAll(int pid) => Read(pid, isWhole: true);

    private static List<TargetMapping> Read(int pid, bool isWhole)
    {
        var all = new List<TargetMapping>();
        foreach (var line in File.ReadLines($"/proc/{pid}/maps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var executable = words[1].Contains('x', StringComparison.Ordinal);
            if (!isWhole && words.Length < 6 && !executable)
            {
                continue;
            }
            var dash = words[0].IndexOf('-', StringComparison.Ordinal);
            all.Add(new TargetMapping(
                ulong.Parse(words[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(words[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                executable,
                words[1].StartsWith("rw", StringComparison.Ordinal) && words[1].EndsWith('p'),
                ulong.Parse(words[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                words.Length < 6 ? "" : words[5]));
        }
        return all;
    }
}
