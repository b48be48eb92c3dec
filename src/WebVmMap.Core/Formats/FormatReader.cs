using System.Text;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Formats;

/// <summary>
/// Reads the primitives of docs/formats.md from untrusted bytes. Whatever breaks a rule is an
/// <see cref="InvalidDataException"/> with one sentence; no length is believed before the bytes for it are there.
/// </summary>
internal ref struct FormatReader(ReadOnlySpan<byte> data)
{
    /// <summary>The largest shift of a bytes column: a page.</summary>
    public const int MaxShift = 12;

    // Throws at bytes that are not UTF-8, so that what was read can be written again unchanged.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>The bytes not yet read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _data[_position..];

    /// <summary>Passes over bytes of <see cref="Rest"/>.</summary>
    public void Skip(int bytes) => _position += bytes;

    public byte Byte(string what) => _position < _data.Length ? _data[_position++] : throw Ended(what);

    public ulong Varint(string what)
    {
        if (_position < _data.Length && _data[_position] < 0x80)
        {
            return _data[_position++];
        }
        return LongVarint(what);
    }

    /// <summary>A varint that may not be larger than a limit.</summary>
    public ulong Varint(string what, ulong max)
    {
        var value = Varint(what);
        return value <= max ? value : throw new InvalidDataException($"The {what} is {value}; at most {max} is allowed.");
    }

    /// <summary>How many items follow. Each takes a byte at the least, so a count beyond the bytes left is refused at once.</summary>
    public int Count(string what, int max)
    {
        var count = (int)Varint($"count of {what}", (ulong)max);
        return count <= Remaining
            ? count
            : throw new InvalidDataException($"The data claims {count} {what}, but only {Remaining} bytes are left.");
    }

    public long ZigZag(string what) => FromZigZag(Varint(what));

    public long? Optional(string what)
    {
        var value = Varint(what, 1UL << 63);
        return value == 0 ? null : (long)(value - 1);
    }

    public string Text(string what) => Text(what, FormatLimits.MaxTextBytes, out _);

    /// <summary>A text of at most so many bytes.</summary>
    public string Text(string what, int maxBytes, out int bytes)
    {
        bytes = (int)Varint($"length of the {what}", (ulong)Math.Min(maxBytes, FormatLimits.MaxTextBytes));
        if (bytes > Remaining)
        {
            throw Ended(what);
        }
        try
        {
            var text = s_utf8.GetString(_data.Slice(_position, bytes));
            _position += bytes;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"The {what} is not valid UTF-8.");
        }
    }

    /// <summary>Fills a column.</summary>
    public void Column(Span<ulong> values, string what)
    {
        var i = 0;
        while (i < values.Length)
        {
            var value = Varint(what);
            if (value != 0)
            {
                values[i++] = value;
                continue;
            }
            var run = Varint(what, (ulong)(values.Length - i - 1)) + 1;
            values.Slice(i, (int)run).Clear();
            i += (int)run;
        }
    }

    /// <summary>Fills a bytes column of values that are not negative, in bytes.</summary>
    public void BytesColumn(Span<ulong> values, string what)
    {
        var shift = Shift(what);
        Column(values, what);
        var max = (ulong)long.MaxValue >> shift;
        foreach (ref var value in values)
        {
            if (value > max)
            {
                throw TooLarge(what);
            }
            value <<= shift;
        }
    }

    /// <summary>Fills a bytes column of signed values, in bytes, as two's complement.</summary>
    public void SignedBytesColumn(Span<ulong> values, string what)
    {
        var shift = Shift(what);
        Column(values, what);
        foreach (ref var value in values)
        {
            var pages = FromZigZag(value);
            var bytes = pages << shift;
            if (bytes >> shift != pages)
            {
                throw TooLarge(what);
            }
            value = (ulong)bytes;
        }
    }

    /// <summary>An address or a bound: a varint in pages.</summary>
    public ulong Pages(string what) => Varint(what, ulong.MaxValue / RegionTableBuilder.PageSize) * RegionTableBuilder.PageSize;

    /// <summary>Refuses bytes after the end.</summary>
    public readonly void End()
    {
        if (Remaining != 0)
        {
            throw new InvalidDataException($"{Remaining} bytes follow the end of the data.");
        }
    }

    internal static long FromZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static InvalidDataException Ended(string what) => new($"The data ends within the {what}.");

    private static InvalidDataException TooLarge(string what) => new($"A value in the {what} is too large.");

    private int Shift(string what)
    {
        var shift = Byte(what);
        return shift <= MaxShift
            ? shift
            : throw new InvalidDataException($"The shift of the {what} is {shift}; at most {MaxShift} is allowed.");
    }

    private ulong LongVarint(string what)
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Byte(what);
            // The tenth byte holds the 64th bit alone.
            if (shift == 63 && part > 1)
            {
                break;
            }
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return part != 0 || shift == 0
                    ? value
                    : throw new InvalidDataException($"A number in the {what} is not in its shortest form.");
            }
        }
        throw new InvalidDataException($"A number in the {what} is longer than 64 bits.");
    }
}
