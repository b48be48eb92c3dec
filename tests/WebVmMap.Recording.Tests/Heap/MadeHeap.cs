using System.Buffers.Binary;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Heap;

namespace WebVmMap.Recording.Tests.Heap;

/// <summary>
/// A heap as glibc lays it out, made by lot: some blocks stand, and between them its owner allocates, frees, splits and joins, a little with each
/// reading, half done at times.
/// </summary>
internal sealed class MadeHeap : IHeapMemory
{
    public const ulong FreeMark = 0xfeedfacecafebeef;
    private const ulong Start = 0x555555000000;

    private readonly byte[] _bytes;
    private readonly Random _random;
    private readonly List<Chunk> _chunks = [];
    private readonly List<int> _halves = [];
    private readonly int _changes;

    public MadeHeap(int seed, int chunks, int changes)
    {
        _random = new Random(seed);
        _changes = changes;
        var at = 0;
        for (var i = 0; i < chunks; i++)
        {
            var size = 16 * _random.Next(2, _random.Next(20) == 0 ? 5000 : 40);
            var kind = _random.Next(10) switch { < 5 => Kind.Stands, < 7 => Kind.Kept, _ => Kind.Busy };
            _chunks.Add(new Chunk(at, size, kind, InUse: true));
            at += size;
        }
        Top = at;
        _bytes = new byte[(at + 8192) & ~4095];
        _random.NextBytes(_bytes);
        foreach (var chunk in _chunks)
        {
            Write(chunk);
        }
        Word(Top + 8, (ulong)(_bytes.Length - Top) | 1);
        Settle();
    }

    public int Top { get; }

    public HeapRun Run => new(Start, Start + (ulong)Top, Start + (ulong)_bytes.Length, IsFirst: true);

    /// <summary>The blocks that nobody touches.</summary>
    public IEnumerable<HeapBlock> Standing => _chunks.Where(chunk => chunk.Kind == Kind.Stands).Select(Block);

    /// <summary>Those that the owner gets and gives while the heap is read.</summary>
    public bool IsBusy(HeapBlock block)
    {
        var (low, high) = (0, _chunks.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Start + (ulong)_chunks[middle].At < block.Address ? (middle, high) : (low, middle - 1);
        }
        return _chunks[low].Kind == Kind.Busy;
    }

    public byte[] Bytes => _bytes;

    public int Read(ulong address, Span<byte> to)
    {
        if (address < Start || address >= Start + (ulong)_bytes.Length)
        {
            return 0;
        }
        var from = _bytes.AsSpan((int)(address - Start));
        var length = Math.Min(from.Length, to.Length);
        // The reading takes time: what comes later in it was changed meanwhile.
        var half = length / 2;
        from[..half].CopyTo(to);
        Change();
        from[half..length].CopyTo(to[half..]);
        Change();
        return length;
    }

    private static HeapBlock Block(Chunk chunk) => new(Start + (ulong)chunk.At + 16, chunk.Size - 8);

    private void Change()
    {
        // What was half done is done soon.
        foreach (var at in _halves.Where(_ => _random.Next(2) == 0).ToList())
        {
            _halves.Remove(at);
            _chunks[at] = _chunks[at] with { Half = 0 };
            WriteParts(_chunks[at]);
        }
        for (var i = 0; i < _changes; i++)
        {
            var at = _random.Next(_chunks.Count);
            if (_chunks[at].Kind != Kind.Busy || _halves.Contains(at))
            {
                continue;
            }
            if (_random.Next(4) == 0 && _chunks[at].Size >= 80)
            {
                // One chunk or two, the second free: and the moment at which only the first has its size.
                _chunks[at] = _chunks[at] with { Split = 16 * _random.Next(2, (_chunks[at].Size / 16) - 1), Half = _random.Next(2) };
                WriteParts(_chunks[at]);
                if (_chunks[at].Half > 0)
                {
                    _halves.Add(at);
                }
            }
            else
            {
                _chunks[at] = _chunks[at] with { InUse = !_chunks[at].InUse, Split = 0 };
                WriteParts(_chunks[at]);
            }
        }
    }

    private void WriteParts(Chunk chunk)
    {
        if (chunk.Split == 0)
        {
            Write(chunk);
            return;
        }
        var previous = Word(chunk.At + 8) & 1;
        Word(chunk.At + 8, (uint)chunk.Split | previous);
        if (chunk.Half > 0)
        {
            // Its owner's bytes still lie where the second one will tell its size.
            Word(chunk.At + chunk.Split + 8, (ulong)_random.NextInt64());
            return;
        }
        var rest = chunk.Size - chunk.Split;
        Word(chunk.At + chunk.Split + 8, (uint)rest | 1);
        Word(chunk.At + chunk.Size, (ulong)rest);
        Word(chunk.At + chunk.Size + 8, Word(chunk.At + chunk.Size + 8) & ~1UL);
    }

    private void Write(Chunk chunk)
    {
        Word(chunk.At + 8, (uint)chunk.Size | (chunk.At == 0 ? 1 : Word(chunk.At + 8) & 1));
        Word(chunk.At + 24, chunk.Kind == Kind.Kept ? FreeMark : 7);
        if (!chunk.InUse)
        {
            Word(chunk.At + chunk.Size, (ulong)chunk.Size);
        }
        Word(chunk.At + chunk.Size + 8, (Word(chunk.At + chunk.Size + 8) & ~1UL) | (chunk.InUse ? 1UL : 0));
    }

    // Once all sizes are there, whether the one before is in use.
    private void Settle()
    {
        foreach (var chunk in _chunks)
        {
            Word(chunk.At + 8, (ulong)chunk.Size | 1);
        }
    }

    private ulong Word(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));

    private void Word(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(at), value);

    private enum Kind
    {
        Stands,
        Kept,
        Busy,
    }

    private readonly record struct Chunk(int At, int Size, Kind Kind, bool InUse, int Split = 0, int Half = 0);
}
