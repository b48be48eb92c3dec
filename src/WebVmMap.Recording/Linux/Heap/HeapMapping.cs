using System.Globalization;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>A line of <c>/proc/PID/maps</c>: https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte behind its last.</param>
/// <param name="IsData">Whether it can be read and written, and is the process's own.</param>
/// <param name="Path">The file or name; empty for none.</param>
internal readonly record struct HeapMapping(ulong Start, ulong End, bool IsData, string Path)
{
    /// <summary>What the kernel calls the memory that grows by <c>brk</c>.</summary>
    public const string Heap = "[heap]";

    /// <summary>Whether it is memory of no file, which a program or its allocator got by <c>mmap</c>. Since 2.39 glibc names its own.</summary>
    public bool IsAnonymous => IsData && (Path.Length == 0 || Path.StartsWith("[anon: glibc: malloc", StringComparison.Ordinal));

    /// <summary>The file's name.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>All mappings of a process, by address.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public static List<HeapMapping> Read(int pid)
    {
        var all = new List<HeapMapping>();
        foreach (var line in File.ReadLines($"/proc/{pid}/maps"))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var dash = words[0].IndexOf('-', StringComparison.Ordinal);
            all.Add(new HeapMapping(
                ulong.Parse(words[0].AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(words[0].AsSpan(dash + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                words[1].StartsWith("rw", StringComparison.Ordinal) && words[1].EndsWith('p'),
                words.Length < 6 ? "" : words[5]));
        }
        return all;
    }
}
