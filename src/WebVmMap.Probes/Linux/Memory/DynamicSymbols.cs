using System.Buffers.Binary;
using System.Text;

namespace WebVmMap.Probes.Linux.Memory;

/// <summary>
/// Finds exported symbols of a library in another process's memory through its GNU hash table, as the loader does: a few
/// small reads, no file. https://flapenguin.me/elf-dt-gnu-hash
/// </summary>
internal sealed class DynamicSymbols
{
    private const int MaxChain = 4096;
    private readonly RemoteMemory _memory;
    private readonly ulong _bias;
    private readonly ulong _hash;
    private readonly ulong _symbols;
    private readonly ulong _strings;
    private readonly uint _buckets;
    private readonly uint _firstHashed;
    private readonly uint _bloomWords;

    private DynamicSymbols(RemoteMemory memory, ulong bias, ulong hash, ulong symbols, ulong strings, ReadOnlySpan<byte> header)
    {
        _memory = memory;
        _bias = bias;
        _hash = hash;
        _symbols = symbols;
        _strings = strings;
        _buckets = BinaryPrimitives.ReadUInt32LittleEndian(header);
        _firstHashed = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        _bloomWords = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
    }

    /// <summary>Opens a 64-bit library's table.</summary>
    /// <returns>Null when it has none or it cannot be read.</returns>
    public static DynamicSymbols? Open(RemoteMemory memory, in MappedImage image)
    {
        const int MaxEntries = 128;
        Span<byte> entry = stackalloc byte[16];
        Span<byte> header = stackalloc byte[16];
        ulong hash = 0, symbols = 0, strings = 0;
        for (var i = 0; i < MaxEntries && image.Dynamic != 0; i++)
        {
            if (!memory.TryRead(image.Dynamic + (ulong)i * 16, entry))
            {
                return null;
            }
            var value = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            // glibc's loader makes these absolute in place, musl's does not.
            var address = value < image.Base ? value + image.Bias : value;
            switch (BinaryPrimitives.ReadUInt64LittleEndian(entry))
            {
                case 0:
                    i = MaxEntries;
                    break;
                case 5:
                    strings = address;
                    break;
                case 6:
                    symbols = address;
                    break;
                case 0x6ffffef5:
                    hash = address;
                    break;
            }
        }
        return hash != 0 && symbols != 0 && strings != 0 && memory.TryRead(hash, header) && BinaryPrimitives.ReadUInt32LittleEndian(header) != 0
            ? new DynamicSymbols(memory, image.Bias, hash, symbols, strings, header)
            : null;
    }

    /// <summary>Where a symbol is in memory.</summary>
    /// <returns>0 when it is not defined here.</returns>
    public ulong Find(string name)
    {
        Span<byte> wanted = stackalloc byte[128];
        Span<byte> found = stackalloc byte[128];
        Span<byte> symbol = stackalloc byte[24];
        var length = Encoding.ASCII.GetBytes(name, wanted);
        wanted[length++] = 0;
        var hash = 5381u;
        foreach (var c in wanted[..(length - 1)])
        {
            hash = hash * 33 + c;
        }
        var buckets = _hash + 16 + (ulong)_bloomWords * 8;
        var chains = buckets + (ulong)_buckets * 4;
        if (!_memory.TryRead(buckets + hash % _buckets * 4UL, out uint index) || index < _firstHashed)
        {
            return 0;
        }
        for (var step = 0; step < MaxChain; step++, index++)
        {
            if (!_memory.TryRead(chains + (ulong)(index - _firstHashed) * 4, out uint link))
            {
                return 0;
            }
            if ((link | 1) == (hash | 1)
                && _memory.TryRead(_symbols + (ulong)index * 24, symbol)
                && _memory.TryRead(_strings + BinaryPrimitives.ReadUInt32LittleEndian(symbol), found[..length])
                && found[..length].SequenceEqual(wanted[..length])
                && BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) != 0)
            {
                return unchecked(BinaryPrimitives.ReadUInt64LittleEndian(symbol[8..]) + _bias);
            }
            if ((link & 1) != 0)
            {
                return 0;
            }
        }
        return 0;
    }
}
