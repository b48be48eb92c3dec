using System.Collections.Concurrent;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Writes the kernel's paths the way people do: <c>\Device\HarddiskVolume3\Windows</c> becomes <c>C:\Windows</c>. Thread-safe.
/// </summary>
/// <param name="devices">Each drive letter with a colon, and the device behind it; asked again when a path is of a device not seen before.</param>
internal sealed class DosPaths(Func<IReadOnlyList<KeyValuePair<string, string>>> devices)
{
    private const int MaxKept = 20_000;

    private readonly ConcurrentDictionary<string, string> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _unknownDevices = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<KeyValuePair<string, string>> _devices = devices();

    /// <summary>The path with a drive letter or as <c>\\server\share</c>; unchanged where there is neither.</summary>
    public string Of(string path)
    {
        if (_kept.TryGetValue(path, out var kept))
        {
            return kept;
        }
        var result = Translate(path);
        // Bounded: a process that maps ever new files must not make the agent grow.
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
        }
        _kept[path] = result;
        return result;
    }

    private string Translate(string path)
    {
        // Wine names files so; Windows does for paths that were opened in this form.
        if (path.StartsWith(@"\??\UNC\", StringComparison.OrdinalIgnoreCase))
        {
            return @"\" + path[7..];
        }
        if (path.StartsWith(@"\??\", StringComparison.Ordinal))
        {
            return path[4..];
        }
        if (path.StartsWith(@"\Device\Mup\", StringComparison.OrdinalIgnoreCase))
        {
            return @"\" + path[11..];
        }
        if (Known(path) is { } known)
        {
            return known;
        }
        if (!path.StartsWith(@"\Device\", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }
        var end = path.IndexOf('\\', 8);
        var device = end < 0 ? path : path[..end];
        if (_unknownDevices.Count < MaxKept && _unknownDevices.TryAdd(device, true))
        {
            _devices = devices();
        }
        return Known(path) ?? path;
    }

    private string? Known(string path)
    {
        foreach (var (drive, device) in _devices)
        {
            if (path.Length > device.Length && path[device.Length] == '\\' && path.StartsWith(device, StringComparison.OrdinalIgnoreCase))
            {
                return string.Concat(drive, path.AsSpan(device.Length));
            }
        }
        return null;
    }
}
