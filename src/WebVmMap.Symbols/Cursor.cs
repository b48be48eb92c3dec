using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WebVmMap.Symbols;

/// <summary>
/// Reads numbers one after the other. Behind the end every read gives 0 and <see cref="Failed"/> stays set, so a parser checks once per
/// entry, not once per number.
/// </summary>
internal ref struct Cursor(ReadOnlySpan<byte> bytes, int position = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next read begins, in bytes.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether a read went beyond the end.</summary>
    public bool Failed { get; private set; } = position < 0 || position > bytes.Length;

    /// <summary>Whether nothing is left, or a read failed.</summary>
    public readonly bool AtEnd => Failed || Position >= _bytes.Length;

    /// <summary>Whether so many bytes are left.</summary>
    public readonly bool Has(ulong count) => !Failed && count <= (ulong)(_bytes.Length - Position);

    public byte Byte() => Take(1) is var at and >= 0 ? _bytes[at] : (byte)0;

    public ushort UInt16() => Take(2) is var at and >= 0 ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes[at..]) : (ushort)0;

    public uint UInt24() => Take(3) is var at and >= 0 ? (uint)(_bytes[at] | _bytes[at + 1] << 8 | _bytes[at + 2] << 16) : 0;

    public uint UInt32() => Take(4) is var at and >= 0 ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]) : 0;

    public ulong UInt64() => Take(8) is var at and >= 0 ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]) : 0;

    public Guid Guid() => Bytes(16) is { Length: 16 } sixteen ? new Guid(sixteen) : default;

    /// <summary>So many bytes; none where there are not so many.</summary>
    public ReadOnlySpan<byte> Bytes(int count) => Take(count) is var at and >= 0 ? _bytes.Slice(at, count) : [];

    /// <summary>UTF-16 up to a zero.</summary>
    /// <param name="most">Characters that are kept of it.</param>
    public string Utf16(int most)
    {
        var rest = Failed ? [] : MemoryMarshal.Cast<byte, char>(_bytes[Position..]);
        var length = rest.IndexOf('\0');
        if (length < 0)
        {
            Fail();
            return "";
        }
        Position += (length + 1) * sizeof(char);
        return new string(rest[..Math.Min(length, most)]);
    }

    /// <summary>Groups of seven bits, the low ones first, ten at most.</summary>
    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        return Fail();
    }

    /// <summary>A number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Number(int size) => size switch { 8 => UInt64(), 4 => UInt32(), 2 => UInt16(), 1 => Byte(), _ => Fail() };

    /// <summary>Unsigned LEB128; bits above 64 are dropped.</summary>
    public ulong ULeb()
    {
        // One byte is by far the most common.
        if ((uint)Position < (uint)_bytes.Length && _bytes[Position] < 0x80)
        {
            return _bytes[Position++];
        }
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var at = Take(1);
            if (at < 0)
            {
                return 0;
            }
            var part = _bytes[at];
            if (shift < 64)
            {
                value |= (ulong)(part & 0x7f) << shift;
            }
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>Signed LEB128.</summary>
    public long SLeb()
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var at = Take(1);
            if (at < 0)
            {
                return 0;
            }
            var part = _bytes[at];
            if (shift < 64)
            {
                value |= (long)(part & 0x7f) << shift;
            }
            if (part < 0x80)
            {
                return shift + 7 < 64 && (part & 0x40) != 0 ? value | -1L << shift + 7 : value;
            }
        }
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count)
    {
        if (!Has(count))
        {
            Fail();
            return;
        }
        Position += (int)count;
    }

    /// <summary>Passes over text and the zero byte at its end.</summary>
    public void SkipText()
    {
        var length = Failed ? -1 : _bytes[Position..].IndexOf((byte)0);
        if (length < 0)
        {
            Fail();
            return;
        }
        Position += length + 1;
    }

    private int Take(int count)
    {
        if (count < 0 || !Has((ulong)count))
        {
            Fail();
            return -1;
        }
        var at = Position;
        Position += count;
        return at;
    }

    private ulong Fail()
    {
        Failed = true;
        Position = _bytes.Length;
        return 0;
    }
}
