using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Everything that Windows is asked about one open process while its regions are read. What the answers mean is decided
/// by code that knows this interface only, so that it runs on recorded answers on any system. Used by one thread at a time.
/// </summary>
internal interface IWindowsProcess : IDisposable
{
    /// <summary>Build number of the system: layouts that Windows keeps to itself differ by it.</summary>
    int Build { get; }

    /// <summary>The address space of 64-bit programs on this system.</summary>
    AddressSpaceBounds Bounds { get; }

    /// <summary>False when the right to read memory was refused: stacks, heaps and system areas then cannot be told.</summary>
    bool CanReadMemory { get; }

    /// <summary>True when it has ended.</summary>
    bool HasExited { get; }

    /// <summary>Where its environment block (PEB) is; 0 when that is not told.</summary>
    ulong Peb { get; }

    /// <summary>Where the 32-bit PEB of a 32-bit program is; 0 for other programs.</summary>
    ulong Peb32 { get; }

    /// <summary>Where ntdll keeps what the kernel told it at start (LdrSystemDllInitBlock), among it where the bitmap of Control
    /// Flow Guard is; 0 when there is none.</summary>
    ulong SystemDllInitBlock { get; }

    /// <summary>The run of pages that begins at an address.</summary>
    /// <returns><see cref="WindowsError.Success"/>, <see cref="WindowsError.InvalidParameter"/> past the end, or another system error.</returns>
    int Query(ulong address, out MemoryBasicInformation region);

    /// <summary>The allocation that holds an address.</summary>
    /// <returns>False when the system does not tell.</returns>
    bool TryDescribeAllocation(ulong address, out AllocationInformation allocation);

    /// <summary>What is known of some pages; fills their flags in.</summary>
    /// <returns>A system error code.</returns>
    int QueryWorkingSet(Span<WorkingSetPage> pages);

    /// <summary>Copies memory of the process.</summary>
    /// <returns>False, with the destination in any state, unless all of it could be read.</returns>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>The path of the file that is mapped at an address, as people write it.</summary>
    /// <returns>Null when there is none or it is not told.</returns>
    string? MappedFileName(ulong address);

    /// <summary>Its threads; empty when they cannot be told.</summary>
    IReadOnlyList<WindowsThread> Threads();

    /// <summary>The system's figures for the whole process.</summary>
    ProcessCounters ReadCounters();

    /// <summary>Takes every page that is not locked out of its working set.</summary>
    /// <returns>A system error code.</returns>
    int EmptyWorkingSet();
}
