using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace WebVmMap.Core.Formats;

/// <summary>
/// Writes the primitives of docs/formats.md into one pooled buffer that grows by doubling. Not thread-safe; dispose of it to
/// give the buffer back.
/// </summary>
internal sealed class FormatWriter : IDisposable
{
    private const int MaxVarintBytes = 10;
    private const int ColumnChunk = 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    /// <summary>What has been written so far; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Begins anew.</summary>
    public void Clear() => _length = 0;

    public void Byte(byte value) => Reserve(1)[_length++] = value;

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length).AsSpan(_length));
        _length += bytes.Length;
    }

    public void Varint(ulong value) => _length = Put(Reserve(MaxVarintBytes), _length, value);

    /// <exception cref="ArgumentException">The value is negative.</exception>
    public void Unsigned(long value, string what)
    {
        if (value < 0)
        {
            throw new ArgumentException($"The {what} is negative ({value}).");
        }
        Varint((ulong)value);
    }

    /// <exception cref="ArgumentException">The value is negative or not a multiple of the page size.</exception>
    public void Pages(ulong bytes, string what)
    {
        if (bytes % Regions.RegionTableBuilder.PageSize != 0)
        {
            throw new ArgumentException($"The {what} 0x{bytes:x} is not a multiple of the page size.");
        }
        Varint(bytes / Regions.RegionTableBuilder.PageSize);
    }

    public void ZigZag(long value) => Varint(ToZigZag(value));

    /// <exception cref="ArgumentException">The value is negative.</exception>
    public void Optional(long? value, string what)
    {
        if (value is < 0)
        {
            throw new ArgumentException($"The {what} is negative ({value}).");
        }
        Varint(value is { } known ? (ulong)known + 1 : 0);
    }

    /// <summary>A text, cut at a character when it is too long.</summary>
    /// <returns>How many bytes of UTF-8 it took.</returns>
    public int Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > FormatLimits.MaxTextBytes)
        {
            text = Cut(text);
            bytes = Encoding.UTF8.GetByteCount(text);
        }
        Varint((ulong)bytes);
        _length += Encoding.UTF8.GetBytes(text, Reserve(bytes).AsSpan(_length));
        return bytes;
    }

    /// <summary>A column: runs of zeros are counted, everything else is a varint.</summary>
    public void Column(ReadOnlySpan<ulong> values)
    {
        while (!values.IsEmpty)
        {
            var chunk = values[..Math.Min(values.Length, ColumnChunk)];
            var buffer = Reserve(ColumnChunk * MaxVarintBytes);
            var at = _length;
            var i = 0;
            while (i < chunk.Length && chunk[i] != 0)
            {
                at = Put(buffer, at, chunk[i++]);
            }
            values = values[i..];
            if (i < chunk.Length)
            {
                // A run may be as long as the rest of the column: it is not bound to the chunk.
                var zeros = values.IndexOfAnyExcept(0UL);
                zeros = zeros < 0 ? values.Length : zeros;
                buffer[at++] = 0;
                at = Put(buffer, at, (ulong)zeros - 1);
                values = values[zeros..];
            }
            _length = at;
        }
    }

    /// <summary>A bytes column. The values are overwritten.</summary>
    /// <param name="values">In bytes; signed ones when <paramref name="signed"/>.</param>
    /// <param name="signed">Whether they are zigzagged after the shift.</param>
    public void BytesColumn(Span<ulong> values, bool signed)
    {
        var all = 0UL;
        foreach (var value in values)
        {
            all |= value;
        }
        var shift = Math.Min(FormatReader.MaxShift, BitOperations.TrailingZeroCount(all));
        Byte((byte)shift);
        if (signed)
        {
            foreach (ref var value in values)
            {
                value = ToZigZag((long)value >> shift);
            }
        }
        else
        {
            foreach (ref var value in values)
            {
                value >>= shift;
            }
        }
        Column(values);
    }

    public void BytesColumn(Span<long> values, bool signed) => BytesColumn(MemoryMarshal.Cast<long, ulong>(values), signed);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    internal static ulong ToZigZag(long value) => (ulong)(value << 1) ^ (ulong)(value >> 63);

    private static int Put(byte[] buffer, int at, ulong value)
    {
        while (value >= 0x80)
        {
            buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }
        buffer[at++] = (byte)value;
        return at;
    }

    private static string Cut(string text)
    {
        // Every char is at least one byte, so no more chars than bytes can stay; then whole runes go until it fits.
        const string Ellipsis = "…";
        var room = FormatLimits.MaxTextBytes - Encoding.UTF8.GetByteCount(Ellipsis);
        var kept = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room)
            {
                break;
            }
            room -= rune.Utf8SequenceLength;
            kept += rune.Utf16SequenceLength;
        }
        return string.Concat(text.AsSpan(0, kept), Ellipsis);
    }

    private byte[] Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Grow(bytes);
        }
        return _buffer;
    }

    private void Grow(int bytes)
    {
        // A column reserves room for its worst case, so the limit leaves that much slack; the codecs check what is really used.
        if (_length > FormatLimits.MaxBodyBytes)
        {
            throw new ArgumentException($"The data would be larger than {FormatLimits.MaxBodyBytes} bytes.");
        }
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
