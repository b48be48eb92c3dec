using System.Buffers.Binary;

namespace WebVmMap.Probes.Windows;

/// <summary>Reads single values of a process. Nothing read is trusted: what follows from it is checked against the regions.</summary>
internal static class TargetMemory
{
    /// <summary>Reads a 32-bit number.</summary>
    public static bool TryReadUInt32(this IWindowsProcess process, ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        var read = process.TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>Reads a pointer of a program with pointers of 4 or 8 bytes.</summary>
    public static bool TryReadPointer(this IWindowsProcess process, ulong address, int pointerSize, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes = bytes[..pointerSize];
        var read = process.TryRead(address, bytes);
        value = read ? PointerAt(bytes, 0, pointerSize) : 0;
        return read;
    }

    /// <summary>A pointer within bytes that were read.</summary>
    public static ulong PointerAt(ReadOnlySpan<byte> bytes, int offset, int pointerSize) =>
        pointerSize == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
