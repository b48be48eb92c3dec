using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WebVmMap.Symbols.DotNet;

/// <summary>Reads fields one after another. What lies beyond the end reads as zero or nothing, and is told of by <see cref="IsBroken"/>.</summary>
internal ref struct NetTraceFields(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next field begins.</summary>
    public int At { get; private set; } = at;

    /// <summary>Whether a field was not all there.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether so many bytes are left.</summary>
    public readonly bool Has(ulong count) => !IsBroken && count <= (ulong)(_bytes.Length - At);

    public byte Byte() => Take(1) is { Length: 1 } one ? one[0] : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16LittleEndian(two) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32LittleEndian(four) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64LittleEndian(eight) : 0;

    public Guid Guid() => Take(16) is { Length: 16 } sixteen ? new Guid(sixteen) : default;

    public void Skip(int count) => Take(count);

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || !Has((ulong)count))
        {
            IsBroken = true;
            At = _bytes.Length;
            return [];
        }
        At += count;
        return _bytes.Slice(At - count, count);
    }

    /// <summary>A number in groups of seven bits, the low ones first.</summary>
    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
            {
                return value;
            }
        }
        IsBroken = true;
        return 0;
    }

    /// <summary>UTF-16 up to a zero.</summary>
    /// <param name="most">Characters that are kept of it.</param>
    public string Text(int most)
    {
        var rest = MemoryMarshal.Cast<byte, char>(_bytes[Math.Min(At, _bytes.Length)..]);
        var length = rest.IndexOf('\0');
        if (IsBroken || length < 0)
        {
            IsBroken = true;
            At = _bytes.Length;
            return "";
        }
        At += (length + 1) * 2;
        return new string(rest[..Math.Min(length, most)]);
    }
}
