namespace WebVmMap.Probes.Windows;

/// <summary>
/// Offsets in PEB, TEB and NT heap headers for 64-bit and 32-bit programs. PEB and TEB: phnt (ntpebteb.h) and
/// https://learn.microsoft.com/windows/win32/api/winternl/ns-winternl-peb; heap: the type information of ntdll's public symbols.
/// These offsets have been the same since Windows 8 but for <see cref="HeapFrontEndType"/>, which holds from build 17763 on.
/// </summary>
internal sealed record ProcessLayout
{
    public required int PointerSize { get; init; }

    public required int PebImageBase { get; init; }

    public required int PebProcessParameters { get; init; }

    public required int PebProcessHeap { get; init; }

    public required int PebApiSetMap { get; init; }

    public required int PebReadOnlySharedMemory { get; init; }

    public required int PebAnsiCodePage { get; init; }

    public required int PebOemCodePage { get; init; }

    public required int PebUnicodeCaseTable { get; init; }

    public required int PebNumberOfHeaps { get; init; }

    public required int PebProcessHeaps { get; init; }

    public required int PebGdiHandleTable { get; init; }

    public required int PebShimData { get; init; }

    public required int PebActivationContext { get; init; }

    public required int PebSystemActivationContext { get; init; }

    public required int TebStackBase { get; init; }

    public required int TebStackLimit { get; init; }

    public required int TebDeallocationStack { get; init; }

    public required int HeapSegmentSignature { get; init; }

    public required int HeapSegmentHeap { get; init; }

    public required int HeapSegmentPages { get; init; }

    public required int HeapSignature { get; init; }

    public required int HeapVirtualBlocks { get; init; }

    public required int HeapFrontEndType { get; init; }

    /// <summary>Programs of 64 bits.</summary>
    public static ProcessLayout X64 { get; } = new()
    {
        PointerSize = 8,
        PebImageBase = 0x10,
        PebProcessParameters = 0x20,
        PebProcessHeap = 0x30,
        PebApiSetMap = 0x68,
        PebReadOnlySharedMemory = 0x88,
        PebAnsiCodePage = 0xA0,
        PebOemCodePage = 0xA8,
        PebUnicodeCaseTable = 0xB0,
        PebNumberOfHeaps = 0xE8,
        PebProcessHeaps = 0xF0,
        PebGdiHandleTable = 0xF8,
        PebShimData = 0x2D8,
        PebActivationContext = 0x2F8,
        PebSystemActivationContext = 0x308,
        TebStackBase = 0x08,
        TebStackLimit = 0x10,
        TebDeallocationStack = 0x1478,
        HeapSegmentSignature = 0x10,
        HeapSegmentHeap = 0x28,
        HeapSegmentPages = 0x38,
        HeapSignature = 0x98,
        HeapVirtualBlocks = 0x110,
        HeapFrontEndType = 0x1A2,
    };

    /// <summary>Programs of 32 bits.</summary>
    public static ProcessLayout X86 { get; } = new()
    {
        PointerSize = 4,
        PebImageBase = 0x08,
        PebProcessParameters = 0x10,
        PebProcessHeap = 0x18,
        PebApiSetMap = 0x38,
        PebReadOnlySharedMemory = 0x4C,
        PebAnsiCodePage = 0x58,
        PebOemCodePage = 0x5C,
        PebUnicodeCaseTable = 0x60,
        PebNumberOfHeaps = 0x88,
        PebProcessHeaps = 0x90,
        PebGdiHandleTable = 0x94,
        PebShimData = 0x1E8,
        PebActivationContext = 0x1F8,
        PebSystemActivationContext = 0x200,
        TebStackBase = 0x04,
        TebStackLimit = 0x08,
        TebDeallocationStack = 0xE0C,
        HeapSegmentSignature = 0x08,
        HeapSegmentHeap = 0x18,
        HeapSegmentPages = 0x20,
        HeapSignature = 0x60,
        HeapVirtualBlocks = 0x9C,
        HeapFrontEndType = 0xEA,
    };
}
