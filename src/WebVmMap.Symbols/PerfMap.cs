using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Symbols;

/// <summary>
/// Names of code that a runtime compiled in memory, from the file that runtimes write for perf: lines "start size name", numbers in
/// hexadecimal. https://github.com/torvalds/linux/blob/master/tools/perf/Documentation/jit-interface.txt
/// The file grows while its process runs; an address that is not known makes it read on. Of two names for one place the later counts,
/// since memory of code is used again. Thread-safe.
/// </summary>
public sealed class PerfMap : IDisposable
{
    /// <summary>Bytes of a file that are read, in all.</summary>
    private const long MaxBytes = 256L << 20;

    private const int MaxLine = 16384;
    private const int MaxEntries = 2_000_000;

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly List<ulong> _starts = [];
    private readonly List<ulong> _ends = [];
    private readonly List<string> _names = [];
    private RangeIndex _index = new([], [], []);
    private long _read;

    private PerfMap(SafeFileHandle file) => _file = file;

    /// <summary>Opens the map of a process.</summary>
    /// <param name="pid">The process's number as it knows itself: in a container the container's.</param>
    /// <param name="root">The folder that the process sees as "/", as /proc/PID/root.</param>
    /// <returns>Null when there is none, or it may not be read.</returns>
    public static PerfMap? TryOpen(int pid, string root = "/") =>
        RegularFile.TryOpen(string.Create(CultureInfo.InvariantCulture, $"{root.TrimEnd('/')}/tmp/perf-{pid}.map")) is { } file ? new PerfMap(file) : null;

    /// <summary>Names known so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _index.Count;
            }
        }
    }

    /// <summary>Finds the code that holds an address in the process.</summary>
    /// <returns>Its name as the runtime wrote it; empty when it is not known (yet).</returns>
    public string Find(ulong address)
    {
        lock (_gate)
        {
            var at = _index.Find(address);
            if (at < 0 && ReadOn())
            {
                at = _index.Find(address);
            }
            return at < 0 ? "" : _names[at];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Takes in the lines that were completed since the last time.</summary>
    /// <returns>Whether there were any.</returns>
    private bool ReadOn()
    {
        if (RandomAccess.GetLength(_file) <= _read)
        {
            return false;
        }
        var before = _names.Count;
        var buffer = new byte[1 << 16];
        while (_read < MaxBytes && _names.Count < MaxEntries)
        {
            var filled = RegularFile.Read(_file, _read, buffer);
            var text = buffer.AsSpan(0, filled);
            var end = text.LastIndexOf((byte)'\n');
            if (end < 0)
            {
                // A line that is being written; or one that is too long to be a name, which is passed over.
                if (filled <= MaxLine)
                {
                    break;
                }
                _read += filled;
                continue;
            }
            foreach (var line in text[..end].Split((byte)'\n'))
            {
                Add(text[..end][line]);
            }
            _read += end + 1;
        }
        if (_names.Count == before)
        {
            return false;
        }
        var places = new int[_names.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }
        _index = new RangeIndex([.. _starts], [.. _ends], places);
        return true;
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var second = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)' ');
        if (second < 0 || line.Length > MaxLine || _names.Count >= MaxEntries
            || !TryHex(line[..first], out var start)
            || !TryHex(line.Slice(first + 1, second), out var size)
            || size == 0 || size > ulong.MaxValue - start)
        {
            return;
        }
        _starts.Add(start);
        _ends.Add(start + size);
        _names.Add(Encoding.UTF8.GetString(line[(first + second + 2)..].TrimEnd((byte)'\r')));
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out ulong number) =>
        ulong.TryParse(digits.StartsWith("0x"u8) ? digits[2..] : digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
