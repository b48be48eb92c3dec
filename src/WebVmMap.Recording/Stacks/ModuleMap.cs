using System.Buffers.Binary;
using System.Text;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Stacks;

/// <summary>
/// Which file's code an address lies in, from the tracer's log: it is read as far as it reached when a stack was told, so that a stack
/// is never looked up in a library that came later. Not thread-safe.
/// </summary>
/// <param name="pathOf">The path that people know a module by, of the one that was told; null where it is the same.</param>
internal sealed class ModuleMap(Func<string, string>? pathOf = null)
{
    private const int EntryBytes = 40;
    private const int MaxModules = 100_000;

    private readonly List<(ulong Start, ulong End, ulong Bias, int Module)> _loaded = [];
    private readonly Dictionary<(string Path, string BuildId), int> _numbers = [];
    private readonly List<RecordedModule> _told = [];
    private int _read;

    /// <summary>All modules, by number.</summary>
    public IReadOnlyList<RecordedModule> Modules => _told;

    /// <summary>Counts what was unloaded: what was known of addresses before may not hold any more.</summary>
    public int Epoch { get; private set; }

    /// <summary>Reads the log up to a length.</summary>
    /// <returns>False when it makes no sense.</returns>
    public bool ReadTo(ReadOnlySpan<byte> log, uint length)
    {
        if (length > log.Length)
        {
            return false;
        }
        while (_read < length)
        {
            var rest = log[_read..(int)length];
            if (rest.Length < EntryBytes)
            {
                return false;
            }
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            var (idBytes, pathBytes) = (BinaryPrimitives.ReadUInt32LittleEndian(rest[32..]), BinaryPrimitives.ReadUInt32LittleEndian(rest[36..]));
            if (bytes < EntryBytes || bytes > rest.Length || bytes % 8 != 0 || idBytes > 64 || pathBytes > 4096 || EntryBytes + idBytes + pathBytes > bytes)
            {
                return false;
            }
            if (BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) == 1)
            {
                Load(rest, (int)idBytes, (int)pathBytes);
            }
            else
            {
                _loaded.Clear();
                Epoch++;
            }
            _read += (int)bytes;
        }
        return true;
    }

    /// <summary>The frame that an address is.</summary>
    public RecordedFrame Frame(ulong address)
    {
        // A call may be the last instruction of its function, even of its module.
        foreach (var (start, end, bias, module) in _loaded)
        {
            if (address - 1 >= start && address - 1 < end)
            {
                return new RecordedFrame(module, address - bias);
            }
        }
        return new RecordedFrame(-1, address);
    }

    private void Load(ReadOnlySpan<byte> entry, int idBytes, int pathBytes)
    {
        var id = Convert.ToHexStringLower(entry.Slice(EntryBytes, idBytes));
        var told = Encoding.UTF8.GetString(entry.Slice(EntryBytes + idBytes, pathBytes));
        var path = pathOf?.Invoke(told) ?? told;
        if (!_numbers.TryGetValue((path, id), out var number))
        {
            if (_told.Count >= MaxModules)
            {
                return;
            }
            number = _told.Count;
            _numbers.Add((path, id), number);
            _told.Add(new RecordedModule(path, id, ""));
        }
        _loaded.Add((BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]), number));
    }
}
