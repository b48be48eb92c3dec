using System.Buffers.Binary;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>Finds what the system itself keeps in a process: environment blocks and what they point to, and the bitmaps of
/// Control Flow Guard.</summary>
internal static class SystemAreas
{
    /// <summary>Where the system maps KUSER_SHARED_DATA in every process.</summary>
    public const ulong UserSharedData = 0x7FFE0000;

    private const ulong Page = RegionTableBuilder.PageSize;

    /// <summary>Claims the environment blocks. They share allocations, so only their own pages are claimed.</summary>
    public static void ClaimBlocks(IWindowsProcess process, IReadOnlyList<WindowsThread> threads, RegionWalk walk, ClaimList claims)
    {
        ClaimPages(walk, claims, UserSharedData, 1, "User Shared Data");
        ClaimPages(walk, claims, process.Peb, 1, "PEB");
        ClaimPages(walk, claims, process.Peb32, 1, "PEB (32-bit)");
        // A TEB of 64 bits takes two pages; all of them first, so that none is taken for the end of a 32-bit one.
        foreach (var thread in threads)
        {
            ClaimPages(walk, claims, thread.Teb, 2, $"TEB, {thread.Label}");
        }
        foreach (var thread in process.Peb32 != 0 ? threads : [])
        {
            if (thread.Teb != 0 && process.TryReadPointer(thread.Teb, 8, out var teb32))
            {
                ClaimPages(walk, claims, teb32, 1, $"TEB (32-bit), {thread.Label}");
            }
        }
    }

    /// <summary>Claims the areas that a PEB points to, as far as nobody has claimed them.</summary>
    public static void ClaimPebAreas(IWindowsProcess process, ulong peb, ProcessLayout layout, RegionWalk walk, ClaimList claims)
    {
        if (peb == 0)
        {
            return;
        }
        var bits = layout.PointerSize == 4 && process.Peb != 0 ? " (32-bit)" : "";
        ClaimPointedTo(layout.PebProcessParameters, "Process Parameters");
        ClaimPointedTo(layout.PebApiSetMap, "API Set Map");
        ClaimPointedTo(layout.PebReadOnlySharedMemory, "CSR Shared Memory");
        ClaimPointedTo(layout.PebAnsiCodePage, "ANSI Code Page");
        ClaimPointedTo(layout.PebOemCodePage, "OEM Code Page");
        ClaimPointedTo(layout.PebUnicodeCaseTable, "Unicode Case Table");
        ClaimPointedTo(layout.PebGdiHandleTable, "GDI Handle Table");
        ClaimPointedTo(layout.PebShimData, "Shim Data");
        ClaimPointedTo(layout.PebActivationContext, "Activation Context");
        ClaimPointedTo(layout.PebSystemActivationContext, "System Activation Context");

        void ClaimPointedTo(int offset, string detail)
        {
            if (process.TryReadPointer(peb + (ulong)offset, layout.PointerSize, out var address))
            {
                ClaimAllocation(walk, claims, address, detail + bits);
            }
        }
    }

    /// <summary>Claims the bitmaps in which Control Flow Guard marks the targets of calls.</summary>
    public static void ClaimGuardBitmaps(IWindowsProcess process, RegionWalk walk, ClaimList claims)
    {
        if (process.SystemDllInitBlock == 0 || !process.TryReadUInt32(process.SystemDllInitBlock, out var size))
        {
            return;
        }
        // PS_SYSTEM_DLL_INIT_BLOCK begins with its own size and has had three layouts: until Windows 10 1607, until 19H2,
        // and since 20H1 (phnt, ntldr.h). Offsets of CfgBitMap; its size, the 32-bit bitmap and its size follow.
        var offset = size switch
        {
            0x80 => 0x60,
            0xD0 or 0xE0 => 0xB0,
            >= 0xF0 and <= 0x400 => 0xB8,
            _ => 0,
        };
        Span<byte> fields = stackalloc byte[32];
        if (offset == 0 || !process.TryRead(process.SystemDllInitBlock + (ulong)offset, fields))
        {
            return;
        }
        Claim(BinaryPrimitives.ReadUInt64LittleEndian(fields), "CFG Bitmap");
        Claim(BinaryPrimitives.ReadUInt64LittleEndian(fields[16..]), "CFG Bitmap (32-bit)");

        void Claim(ulong address, string detail)
        {
            if (walk.TryFindAllocation(address, out var start, out _, out _) && start == address)
            {
                ClaimAllocation(walk, claims, address, detail);
            }
        }
    }

    private static void ClaimPages(RegionWalk walk, ClaimList claims, ulong address, ulong pages, string detail)
    {
        if (address != 0 && walk.TryFindAllocation(address, out _, out var end, out _))
        {
            var start = address & ~(Page - 1);
            claims.Add(start, Math.Min(end, start + (pages * Page)), category: null, detail);
        }
    }

    private static void ClaimAllocation(RegionWalk walk, ClaimList claims, ulong address, string detail)
    {
        // A pointer into an image is to that image's own data; it says nothing about the rest of it.
        if (address != 0 && walk.TryFindAllocation(address, out var start, out var end, out var type) && type != MemoryType.Image)
        {
            claims.Add(start, end, category: null, detail);
        }
    }
}
