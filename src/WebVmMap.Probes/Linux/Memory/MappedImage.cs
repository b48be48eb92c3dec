using System.Buffers.Binary;

namespace WebVmMap.Probes.Linux.Memory;

/// <summary>What the headers of a mapped program or library say, read from the process's memory: so it is told also for deleted files and in containers.</summary>
/// <param name="Base">Where its first byte is mapped.</param>
/// <param name="End">The end of its last segment, what follows the file's content (.bss) included.</param>
/// <param name="Bias">What is added to an address in the file to get the one in memory.</param>
/// <param name="Dynamic">Where its dynamic section is; 0 when it has none.</param>
internal readonly record struct MappedImage(ulong Base, ulong End, ulong Bias, ulong Dynamic)
{
    private const ulong PageMask = 4095;

    /// <summary>Reads the headers.</summary>
    /// <returns>False when there are none, or they cannot be read.</returns>
    public static bool TryRead(RemoteMemory memory, ulong address, out MappedImage image)
    {
        image = default;
        Span<byte> head = stackalloc byte[4096];
        return memory.TryRead(address, head) && TryParse(head, address, out image);
    }

    /// <summary>Reads the headers from the image's first page.</summary>
    public static bool TryParse(ReadOnlySpan<byte> head, ulong address, out MappedImage image) =>
        TryElf(head, address, out image) || TryPe(head, address, out image);

    /// <summary>ELF of an executable or a library; an object file or a core dump is data. https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html</summary>
    private static bool TryElf(ReadOnlySpan<byte> head, ulong address, out MappedImage image)
    {
        image = default;
        if (head.Length < 64 || !head.StartsWith("\u007fELF"u8) || head[5] != 1)
        {
            return false;
        }
        var type = BinaryPrimitives.ReadUInt16LittleEndian(head[16..]);
        var wide = head[4] == 2;
        if (type is not (2 or 3))
        {
            return false;
        }
        var table = wide ? BinaryPrimitives.ReadUInt64LittleEndian(head[32..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[28..]);
        int entry = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 54 : 42)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head[(wide ? 56 : 44)..]);
        image = new MappedImage(address, 0, 0, 0);
        if (entry < (wide ? 56 : 32) || table > (ulong)head.Length)
        {
            return true; // an image, whose segments are not told
        }
        ulong lowest = ulong.MaxValue, highest = 0, dynamic = 0;
        for (var i = 0; i < count && (int)table + (i + 1) * entry <= head.Length; i++)
        {
            var header = head.Slice((int)table + i * entry, entry);
            var kind = BinaryPrimitives.ReadUInt32LittleEndian(header);
            var at = wide ? BinaryPrimitives.ReadUInt64LittleEndian(header[16..]) : BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
            var size = wide ? BinaryPrimitives.ReadUInt64LittleEndian(header[40..]) : BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
            if (kind == 1 && at + size >= at)
            {
                lowest = Math.Min(lowest, at & ~PageMask);
                highest = Math.Max(highest, at + size);
            }
            else if (kind == 2)
            {
                dynamic = at;
            }
        }
        if (highest > lowest)
        {
            var bias = unchecked(address - lowest);
            image = new MappedImage(address, unchecked(highest + PageMask + bias) & ~PageMask, bias, dynamic == 0 ? 0 : unchecked(dynamic + bias));
        }
        return true;
    }

    /// <summary>A .NET assembly, laid out in memory as Windows would. https://learn.microsoft.com/windows/win32/debug/pe-format</summary>
    private static bool TryPe(ReadOnlySpan<byte> head, ulong address, out MappedImage image)
    {
        image = default;
        const int SizeOfImage = 24 + 56;
        if (head.Length < 64 || !head.StartsWith("MZ"u8))
        {
            return false;
        }
        var at = BinaryPrimitives.ReadUInt32LittleEndian(head[60..]);
        if (at > (uint)head.Length - SizeOfImage - 4 || !head[(int)at..].StartsWith("PE\0\0"u8))
        {
            return false;
        }
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[((int)at + SizeOfImage)..]);
        image = new MappedImage(address, address + size + PageMask & ~PageMask, address, 0);
        return true;
    }
}
