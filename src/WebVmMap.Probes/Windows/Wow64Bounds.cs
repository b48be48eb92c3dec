using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>What of the address space a 32-bit program can use; what lies above it is the system's, and no free space to it.</summary>
internal static class Wow64Bounds
{
    // 4 GiB for images marked large address aware, else 2 GiB; the last 64 KiB are never given out.
    // https://learn.microsoft.com/windows/win32/memory/memory-limits-for-windows-releases
    private const ulong LargeEnd = 0xFFFF0000;
    private const ulong SmallEnd = 0x7FFF0000;
    private const int LargeAddressAware = 0x20;

    /// <summary>The bounds for a process: those of the system unless it is a 32-bit program.</summary>
    public static AddressSpaceBounds Of(IWindowsProcess process) =>
        process.Peb32 == 0 ? process.Bounds : process.Bounds with { End = IsLargeAddressAware(process) ? LargeEnd : SmallEnd };

    private static bool IsLargeAddressAware(IWindowsProcess process)
    {
        // https://learn.microsoft.com/windows/win32/debug/pe-format: e_lfanew at 0x3C, Characteristics 18 bytes after the signature's 4.
        Span<byte> characteristics = stackalloc byte[2];
        return process.TryReadPointer(process.Peb32 + (ulong)ProcessLayout.X86.PebImageBase, 4, out var image)
            && process.TryReadUInt32(image + 0x3C, out var header)
            && process.TryRead(image + header + 4 + 18, characteristics)
            && (characteristics[0] & LargeAddressAware) != 0;
    }
}
