using System.Globalization;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// Which .NET module's file is mapped at an address of a process: code that was compiled when the file was made lies there, and the loader
/// of the system knows nothing of it. Read anew when an address is not found, at most once a second. Not thread-safe.
/// </summary>
/// <param name="pid">The process.</param>
internal sealed class MappedImages(int pid)
{
    private const int MaxImages = 65_536;
    private const long PauseMs = 1000;

    private readonly string _file = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps");
    private List<(ulong Start, ulong End, string Path)> _images = [];
    private long _readAt = long.MinValue;

    /// <summary>The path of the file, as the process has it; null for none.</summary>
    public string? PathOf(ulong address)
    {
        if (Find(address) is { } known)
        {
            return known;
        }
        if (_readAt != long.MinValue && Environment.TickCount64 - _readAt < PauseMs)
        {
            return null;
        }
        _readAt = Environment.TickCount64;
        Read();
        return Find(address);
    }

    private string? Find(ulong address)
    {
        foreach (var (start, end, path) in _images)
        {
            if (address >= start && address < end)
            {
                return path;
            }
        }
        return null;
    }

    private void Read()
    {
        var images = new List<(ulong, ulong, string)>();
        try
        {
            // https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html: the sixth field is the path.
            foreach (var line in File.ReadLines(_file))
            {
                var slash = line.IndexOf('/', StringComparison.Ordinal);
                var dash = line.IndexOf('-', StringComparison.Ordinal);
                var blank = line.IndexOf(' ', StringComparison.Ordinal);
                if (slash > 0 && line.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && images.Count < MaxImages && dash > 0 && dash < blank
                    && ulong.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
                    && ulong.TryParse(line.AsSpan(dash + 1, blank - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end))
                {
                    images.Add((start, end, line[slash..]));
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // What was known before holds.
            return;
        }
        _images = images;
    }
}
