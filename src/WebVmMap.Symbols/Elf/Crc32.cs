using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Symbols.Elf;

/// <summary>The CRC-32 that .gnu_debuglink uses. https://sourceware.org/gdb/current/onlinedocs/gdb.html/Separate-Debug-Files.html</summary>
internal static class Crc32
{
    private const uint Reversed = 0xedb88320;

    /// <summary>Tables for eight bytes at a time: a debug file may have gigabytes.</summary>
    private static readonly uint[][] s_tables = MakeTables();

    /// <summary>Of a whole file.</summary>
    public static uint Of(SafeFileHandle file)
    {
        var buffer = new byte[1 << 16];
        var sum = uint.MaxValue;
        for (long at = 0; ;)
        {
            var read = RegularFile.Read(file, at, buffer);
            sum = Update(sum, buffer.AsSpan(0, read));
            at += read;
            if (read < buffer.Length)
            {
                return ~sum;
            }
        }
    }

    /// <summary>Takes in more bytes; begins with all bits set and is inverted at the end.</summary>
    internal static uint Update(uint sum, ReadOnlySpan<byte> bytes)
    {
        var tables = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = sum ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            sum = tables[7][(byte)low] ^ tables[6][(byte)(low >> 8)] ^ tables[5][(byte)(low >> 16)] ^ tables[4][low >> 24]
                ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^ tables[0][bytes[7]];
        }
        foreach (var one in bytes)
        {
            sum = tables[0][(byte)(sum ^ one)] ^ sum >> 8;
        }
        return sum;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var t = 0; t < tables.Length; t++)
        {
            tables[t] = new uint[256];
            for (uint i = 0; i < 256; i++)
            {
                var value = t == 0 ? i : tables[t - 1][i];
                for (var bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) != 0 ? value >> 1 ^ Reversed : value >> 1;
                }
                tables[t][i] = value;
            }
        }
        return tables;
    }
}
