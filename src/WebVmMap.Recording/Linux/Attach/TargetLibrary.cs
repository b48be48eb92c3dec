using System.Buffers.Binary;
using System.Text;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// A library as it lies in another process's memory, and where its functions are, by its own table of symbols: so it is the one that
/// the process uses, whatever lies under its name by now. https://refspecs.linuxfoundation.org/elf/elf.pdf, https://flapenguin.me/elf-dt-gnu-hash
/// </summary>
internal sealed class TargetLibrary
{
    private const int MaxHeaders = 64;
    private const int MaxDynamic = 256;
    private const int MaxChain = 4096;

    private readonly TargetMemory _memory;
    private readonly ulong _bias;
    private readonly ulong _symbols;
    private readonly ulong _strings;
    private readonly ulong _hash;

    private TargetLibrary(TargetMemory memory, ulong bias, ulong symbols, ulong strings, ulong hash, ulong codeEnd)
    {
        _memory = memory;
        _bias = bias;
        _symbols = symbols;
        _strings = strings;
        _hash = hash;
        CodeEnd = codeEnd;
    }

    /// <summary>Where what it can run ends; from there to the end of the page lie zeros.</summary>
    public ulong CodeEnd { get; }

    /// <summary>Opens the one whose file begins at an address; null when that is no 64-bit library.</summary>
    public static TargetLibrary? Open(TargetMemory memory, ulong start)
    {
        Span<byte> header = stackalloc byte[64];
        if (memory.Read(start, header) != 64 || BinaryPrimitives.ReadUInt32BigEndian(header) != 0x7f454c46 || header[4] != 2)
        {
            return null;
        }
        var count = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header[56..]), MaxHeaders);
        var headers = new byte[count * 56];
        if (memory.Read(start + BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), headers) != headers.Length)
        {
            return null;
        }
        var (first, dynamic, codeEnd) = (ulong.MaxValue, 0UL, 0UL);
        for (var i = 0; i < count; i++)
        {
            var one = headers.AsSpan(i * 56);
            var (type, at) = (BinaryPrimitives.ReadUInt32LittleEndian(one), BinaryPrimitives.ReadUInt64LittleEndian(one[16..]));
            if (type == 1)
            {
                first = Math.Min(first, at & ~4095UL);
                codeEnd = (BinaryPrimitives.ReadUInt32LittleEndian(one[4..]) & 1) != 0 ? at + BinaryPrimitives.ReadUInt64LittleEndian(one[32..]) : codeEnd;
            }
            else if (type == 2)
            {
                dynamic = at;
            }
        }
        if (dynamic == 0 || first == ulong.MaxValue)
        {
            return null;
        }
        var bias = unchecked(start - first);
        var entries = new byte[MaxDynamic * 16];
        var read = memory.Read(unchecked(bias + dynamic), entries) / 16;
        ulong symbols = 0, strings = 0, hash = 0;
        for (var i = 0; i < read; i++)
        {
            var (tag, value) = (BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan(i * 16)), BinaryPrimitives.ReadUInt64LittleEndian(entries.AsSpan((i * 16) + 8)));
            // glibc's loader makes these absolute in place.
            var address = value < start ? unchecked(value + bias) : value;
            switch (tag)
            {
                case 0:
                    i = read;
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
        return symbols != 0 && strings != 0 && hash != 0 ? new TargetLibrary(memory, bias, symbols, strings, hash, unchecked(bias + codeEnd)) : null;
    }

    /// <summary>Where it defines a name; 0 when it does not.</summary>
    public ulong Find(string name)
    {
        var wanted = Encoding.ASCII.GetBytes(name + "\0");
        var h = 5381u;
        foreach (var letter in wanted.AsSpan(0, wanted.Length - 1))
        {
            h = (h * 33) + letter;
        }
        Span<byte> table = stackalloc byte[16];
        Span<byte> word = stackalloc byte[4];
        Span<byte> symbol = stackalloc byte[24];
        var text = new byte[wanted.Length];
        if (_memory.Read(_hash, table) != 16 || BinaryPrimitives.ReadUInt32LittleEndian(table) is not (> 0 and var buckets))
        {
            return 0;
        }
        var first = BinaryPrimitives.ReadUInt32LittleEndian(table[4..]);
        var bucketsAt = _hash + 16 + ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(table[8..]) * 8);
        var chainAt = bucketsAt + ((ulong)buckets * 4);
        if (_memory.Read(bucketsAt + (h % buckets * 4UL), word) != 4 || BinaryPrimitives.ReadUInt32LittleEndian(word) is var index && index < first)
        {
            return 0;
        }
        for (var i = 0; i < MaxChain; i++, index++)
        {
            if (_memory.Read(chainAt + ((ulong)(index - first) * 4), word) != 4)
            {
                return 0;
            }
            var hash = BinaryPrimitives.ReadUInt32LittleEndian(word);
            if ((hash | 1) == (h | 1) && _memory.Read(_symbols + ((ulong)index * 24), symbol) == 24 && BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) != 0
                && _memory.Read(_strings + BinaryPrimitives.ReadUInt32LittleEndian(symbol), text) == text.Length && text.AsSpan().SequenceEqual(wanted))
            {
                return unchecked(_bias + BinaryPrimitives.ReadUInt64LittleEndian(symbol[8..]));
            }
            if ((hash & 1) != 0)
            {
                return 0;
            }
        }
        return 0;
    }
}
