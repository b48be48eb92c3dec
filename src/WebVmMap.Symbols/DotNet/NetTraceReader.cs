using System.Buffers;
using System.Buffers.Binary;

namespace WebVmMap.Symbols.DotNet;

/// <summary>
/// Reads the events of a .NET runtime as it sends them, format "Nettrace" version 4:
/// https://github.com/microsoft/perfview/blob/main/src/TraceEvent/EventPipe/NetTraceFormat_v5.md
/// Takes memory for one block at a time. Not thread-safe.
/// </summary>
internal sealed class NetTraceReader : IDisposable
{
    /// <summary>Runtimes write blocks of 100 KiB, and no event is larger than 64 KiB.</summary>
    private const int MaxBlockBytes = 16 << 20;

    private const int MaxObjectName = 64;

    /// <summary>When and on which machine it was made.</summary>
    private const int TraceBytes = 48;

    private const int MaxKinds = 65_536;
    private const int MaxThreads = 1_000_000;
    private const int MaxNameChars = 1024;
    private const int BufferBytes = 64 << 10;

    private readonly Stream _stream;
    private readonly Dictionary<uint, (NetTraceProvider Provider, int Id)> _kinds = [];
    private readonly Dictionary<ulong, uint> _sequences = [];
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private byte[] _block = [];
    private int _blockAt;
    private int _blockEnd;
    private int _filled;
    private int _taken;
    private long _position;
    private bool _begun;
    private EventHead _head;

    /// <summary>Reads from a stream, which stays the caller's.</summary>
    public NetTraceReader(Stream stream) => _stream = stream;

    /// <summary>Events that the runtime could not hand over because its buffer was full, as far as the numbers of those that came show it.</summary>
    public long Lost { get; private set; }

    /// <summary>Reads until there is an event, or the trace ends.</summary>
    /// <returns>False at the end, also of one that breaks off.</returns>
    /// <exception cref="InvalidDataException">It is no such trace.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public bool Next(out NetTraceEvent told)
    {
        while (true)
        {
            while (_blockAt < _blockEnd)
            {
                var payload = NextOfBlock(isMetadata: false);
                if (_kinds.TryGetValue(_head.Kind, out var kind))
                {
                    told = new NetTraceEvent(kind.Provider, kind.Id, _head.Thread, payload);
                    return true;
                }
            }
            try
            {
                if (!NextBlock())
                {
                    told = default;
                    return false;
                }
            }
            catch (EndOfStreamException)
            {
                told = default;
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = [];
        }
    }

    /// <summary>Reads on to the next block of events.</summary>
    private bool NextBlock()
    {
        if (!_begun)
        {
            Expect("Nettrace"u8);
            if (Int32() != 20)
            {
                throw Malformed("its head");
            }
            Expect("!FastSerialization.1"u8);
            _begun = true;
        }
        Span<byte> text = stackalloc byte[MaxObjectName];
        while (true)
        {
            var tag = Byte();
            if (tag == 1)
            {
                return false;
            }
            if (tag != 5 || Byte() != 5 || Byte() != 1)
            {
                throw Malformed("an object");
            }
            var version = Int32();
            var oldest = Int32();
            var length = Int32();
            if (length is < 1 or > MaxObjectName)
            {
                throw Malformed("the name of an object");
            }
            var name = text[..length];
            Fill(name);
            if (Byte() != 6)
            {
                throw Malformed("the name of an object");
            }
            var isEvents = name.SequenceEqual("EventBlock"u8);
            if (name.SequenceEqual("Trace"u8))
            {
                if (oldest > 4 || version < 4)
                {
                    throw new InvalidDataException($"The runtime sends its events in version {version} of their format, and 4 is understood.");
                }
                Skip(TraceBytes);
            }
            else if (isEvents || name.SequenceEqual("MetadataBlock"u8) || name.SequenceEqual("SPBlock"u8))
            {
                ReadBlock();
                if (name[0] == 'S')
                {
                    SequencePoint(_block.AsSpan(0, _blockEnd));
                    _blockAt = _blockEnd;
                }
                else
                {
                    SkipBlockHead();
                }
                if (name[0] == 'M')
                {
                    while (_blockAt < _blockEnd)
                    {
                        Kind(NextOfBlock(isMetadata: true));
                    }
                }
            }
            else
            {
                Skip(BlockBytes());
            }
            if (Byte() != 6)
            {
                throw Malformed("the end of an object");
            }
            if (isEvents)
            {
                return true;
            }
        }
    }

    private int BlockBytes()
    {
        var bytes = Int32();
        if (bytes is < 0 or > MaxBlockBytes)
        {
            throw Malformed("the size of a block");
        }
        Skip((int)(-_position & 3));
        return bytes;
    }

    private void ReadBlock()
    {
        var bytes = BlockBytes();
        if (bytes > _block.Length)
        {
            if (_block.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_block);
            }
            _block = ArrayPool<byte>.Shared.Rent(bytes);
        }
        (_blockAt, _blockEnd) = (0, 0);
        Fill(_block.AsSpan(0, bytes));
        _blockEnd = bytes;
    }

    private void SkipBlockHead()
    {
        if (_blockEnd < 4)
        {
            throw Malformed("the head of a block");
        }
        var head = BinaryPrimitives.ReadUInt16LittleEndian(_block);
        if (head < 4 || head > _blockEnd)
        {
            throw Malformed("the head of a block");
        }
        if ((BinaryPrimitives.ReadUInt16LittleEndian(_block.AsSpan(2)) & 1) == 0)
        {
            throw new InvalidDataException("The runtime sends its events with long heads, which no runtime since .NET Core 3.0 does.");
        }
        _blockAt = head;
        _head = default;
    }

    /// <summary>The payload of the next event of the block; <see cref="_head"/> is its head, of which only what changed is written.</summary>
    private ReadOnlySpan<byte> NextOfBlock(bool isMetadata)
    {
        var rest = new Cursor(_block.AsSpan(0, _blockEnd), _blockAt);
        var flags = rest.Byte();
        if ((flags & 1) != 0)
        {
            _head.Kind = (uint)rest.Varint();
        }
        var jumps = (flags & 2) != 0;
        if (jumps)
        {
            _head.Sequence += (uint)rest.Varint();
            _head.CaptureThread = rest.Varint();
            rest.Varint();
        }
        if (_head.Kind != 0)
        {
            _head.Sequence++;
        }
        if ((flags & 4) != 0)
        {
            _head.Thread = rest.Varint();
        }
        if ((flags & 8) != 0)
        {
            rest.Varint();
        }
        rest.Varint();
        rest.Skip(((flags & 16) != 0 ? 16UL : 0) + ((flags & 32) != 0 ? 16UL : 0));
        if ((flags & 128) != 0)
        {
            _head.Bytes = rest.Varint();
        }
        if (!rest.Has(_head.Bytes))
        {
            throw Malformed("an event");
        }
        _blockAt = rest.Position + (int)_head.Bytes;
        if (!isMetadata)
        {
            Follow(_head.CaptureThread, _head.Sequence);
        }
        return _block.AsSpan(rest.Position, (int)_head.Bytes);
    }

    private void Follow(ulong thread, uint sequence)
    {
        if (_sequences.TryGetValue(thread, out var last))
        {
            Miss(sequence - last - 1);
        }
        else if (_sequences.Count >= MaxThreads)
        {
            _sequences.Clear();
        }
        _sequences[thread] = sequence;
    }

    // A number that goes back is of a thread whose number was used again.
    private void Miss(uint events) => Lost += events < 1u << 30 ? events : 0;

    /// <summary>How far each thread had come, also with events that were lost.</summary>
    private void SequencePoint(ReadOnlySpan<byte> block)
    {
        var fields = new Cursor(block, 0);
        fields.Skip(8);
        var threads = fields.UInt32();
        for (var i = 0u; i < threads && fields.Has(12); i++)
        {
            var (thread, sequence) = (fields.UInt64(), fields.UInt32());
            if (_sequences.TryGetValue(thread, out var last))
            {
                Miss(sequence - last);
                _sequences[thread] = Math.Max(sequence, last);
            }
        }
    }

    private void Kind(ReadOnlySpan<byte> payload)
    {
        var fields = new Cursor(payload, 0);
        var number = fields.UInt32();
        var provider = fields.Utf16(MaxNameChars);
        var id = (int)fields.UInt32();
        fields.Utf16(MaxNameChars);
        fields.Skip(8);
        fields.Skip(4);
        if (fields.Failed || _kinds.Count >= MaxKinds)
        {
            throw Malformed("what an event is");
        }
        _kinds[number] = (provider switch
        {
            "Microsoft-Windows-DotNETRuntime" => NetTraceProvider.Runtime,
            "Microsoft-Windows-DotNETRuntimeRundown" => NetTraceProvider.Rundown,
            _ => NetTraceProvider.Other,
        }, id);
    }

    private void Expect(ReadOnlySpan<byte> text)
    {
        Span<byte> read = stackalloc byte[text.Length];
        Fill(read);
        if (!read.SequenceEqual(text))
        {
            throw Malformed("its head");
        }
    }

    private byte Byte()
    {
        Span<byte> one = stackalloc byte[1];
        Fill(one);
        return one[0];
    }

    private int Int32()
    {
        Span<byte> four = stackalloc byte[4];
        Fill(four);
        return BinaryPrimitives.ReadInt32LittleEndian(four);
    }

    private void Skip(int bytes)
    {
        Span<byte> some = stackalloc byte[512];
        for (; bytes > 0; bytes -= some.Length)
        {
            Fill(some[..Math.Min(bytes, some.Length)]);
        }
    }

    private void Fill(Span<byte> into)
    {
        _position += into.Length;
        while (into.Length > 0)
        {
            if (_taken == _filled)
            {
                if (into.Length >= BufferBytes)
                {
                    var read = _stream.Read(into);
                    into = into[(read > 0 ? read : throw new EndOfStreamException())..];
                    continue;
                }
                _taken = 0;
                _filled = _stream.Read(_buffer, 0, BufferBytes);
                if (_filled == 0)
                {
                    throw new EndOfStreamException();
                }
            }
            var some = Math.Min(into.Length, _filled - _taken);
            _buffer.AsSpan(_taken, some).CopyTo(into);
            _taken += some;
            into = into[some..];
        }
    }

    private static InvalidDataException Malformed(string what) => new($"What the runtime sends is no trace of events as they are known: {what} makes no sense.");

    private struct EventHead
    {
        public uint Kind;
        public uint Sequence;
        public ulong CaptureThread;
        public ulong Thread;
        public ulong Bytes;
    }
}
