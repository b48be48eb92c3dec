using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Finds what the garbage collector of a loaded .NET runtime has reserved. The size and shape of a reservation would not do:
/// programs reserve large ranges of their own, and collectors small ones under a limit. So each is known by what the collector
/// keeps at its beginning: its tables say from where to where the heap goes, a segment says how far itself goes, and frozen
/// objects begin with an object. Only these beginnings are read. The layouts are those of .NET 10, measured
/// (https://github.com/dotnet/runtime/blob/main/src/coreclr/gc/gcpriv.h: card_table_info, heap_segment).
/// Remembers from pass to pass what it found, so as not to bring pages back into memory just to look at them.
/// </summary>
internal sealed class ManagedHeapFinder
{
    private const string Heap = "GC heap";
    private const string FrozenObjects = "GC heap (frozen objects)";
    private const string Tables = "GC bookkeeping";
    private const ulong Page = RegionTableBuilder.PageSize;
    private const int Fields = 7;

    // The smallest that was seen is the 4 MiB of the frozen objects, and a limit of the heap's size makes no other smaller than 1.
    private const ulong SmallestReservation = 1 << 20;

    // The heap begins at the first multiple of a region's size within its reservation; the header of a segment takes a few pages.
    private const ulong LargestRegion = 4 << 20;
    private const ulong LargestSegmentHeader = 64 << 10;

    private const uint HasElements = 0x80000000;
    private const uint SmallestObject = 12;
    private const uint LargestObject = 1 << 20;

    private readonly Dictionary<ulong, Finding> _known = [];
    private readonly byte[] _beginning = new byte[Fields * 8];

    /// <summary>True when the last pass found a heap.</summary>
    public bool Found { get; private set; }

    /// <summary>Claims the memory of the collector, as far as nobody has claimed it.</summary>
    public void Claim(IWindowsProcess process, RegionWalk walk, ClaimList claims, CancellationToken cancellation)
    {
        Found = false;
        var findings = Find(process, walk, claims, cancellation);
        _known.Clear();
        // Asking for the names of all images is worth it only now.
        if (findings.Count == 0 || !HasRuntime(process, walk))
        {
            return;
        }
        foreach (var (start, finding) in findings)
        {
            _known.Add(start, finding);
            claims.Add(start, finding.End, RegionCategory.ManagedHeap, finding.Detail);
            if (finding.HeapEnd != 0)
            {
                claims.Add(finding.HeapStart, finding.HeapEnd, RegionCategory.ManagedHeap, Heap);
            }
            Found |= finding.Detail == Heap || finding.HeapEnd != 0;
        }
    }

    private List<(ulong Start, Finding Finding)> Find(
        IWindowsProcess process, RegionWalk walk, ClaimList claims, CancellationToken cancellation)
    {
        var findings = new List<(ulong Start, Finding Finding)>();
        var pointerSize = process.Peb32 != 0 ? 4 : 8;
        var candidates = Candidates(walk, claims);
        // Where the system tells, only beginnings in memory are read: reading another would bring it there.
        var told = process.QueryWorkingSet(candidates) == WindowsError.Success;
        foreach (ref readonly var candidate in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            walk.TryFindAllocation(candidate.Address, out var start, out var end, out _);
            if (told && !candidate.Valid)
            {
                if (_known.TryGetValue(start, out var before) && before.End == end && before.StillHolds(walk))
                {
                    findings.Add((start, before));
                }
            }
            else if (process.TryRead(start, _beginning.AsSpan(0, Fields * pointerSize))
                && (TablesAt(walk, start, end, pointerSize)
                    ?? SegmentAt(process, start, end, pointerSize)
                    ?? FrozenObjectsAt(process, end, pointerSize)) is { } finding)
            {
                findings.Add((start, finding));
            }
        }
        return findings;
    }

    private static Span<WorkingSetPage> Candidates(RegionWalk walk, ClaimList claims)
    {
        var candidates = new List<WorkingSetPage>();
        foreach (ref readonly var region in walk.Regions)
        {
            if (region.BaseAddress == region.AllocationBase
                && region is { Type: MemoryType.Private, State: MemoryState.Commit, Protect: PageProtection.ReadWrite, AllocationProtect: PageProtection.ReadWrite }
                && walk.TryFindAllocation(region.BaseAddress, out var start, out var end, out _)
                && end - start >= SmallestReservation
                && !claims.Holds(start))
            {
                candidates.Add(new WorkingSetPage { Address = start });
            }
        }
        return CollectionsMarshal.AsSpan(candidates);
    }

    // card_table_info: recount, size, next_card_table, lowest_address, highest_address, brick_table, card_bundle_table. The size
    // is that of the tables, the addresses are the heap's.
    private Finding? TablesAt(RegionWalk walk, ulong start, ulong end, int pointerSize)
    {
        var (size, lowest, highest) = (Field(1, pointerSize), Field(3, pointerSize), Field(4, pointerSize));
        var (bricks, bundles) = (Field(5, pointerSize), Field(6, pointerSize));
        if (size < Page || size > end - start
            || bricks <= start || bricks >= start + size || bundles <= bricks || bundles >= start + size
            || lowest >= highest || lowest % Page != 0 || highest % Page != 0
            || !walk.TryFindAllocation(lowest, out var heap, out var heapEnd, out var type)
            || type != MemoryType.Private || heap == start || lowest - heap >= LargestRegion)
        {
            return null;
        }
        // With segments, what the tables cover may go from the first of several reservations to the last, with anything between.
        return highest <= heapEnd ? new Finding(end, Tables, heap, heapEnd) : new Finding(end, Tables, 0, 0);
    }

    // heap_segment: allocated, committed, reserved, used, mem. A reservation may hold several; the first one's word is enough.
    private Finding? SegmentAt(IWindowsProcess process, ulong start, ulong end, int pointerSize)
    {
        var (allocated, committed, reserved) = (Field(0, pointerSize), Field(1, pointerSize), Field(2, pointerSize));
        var (used, memory) = (Field(3, pointerSize), Field(4, pointerSize));
        return start < memory && memory - start <= LargestSegmentHeader
            && memory <= allocated && allocated <= committed && memory <= used && used <= committed
            && committed <= reserved && reserved <= end && committed % Page == 0 && reserved % Page == 0
            && (allocated == memory
                || (process.TryReadPointer(memory, pointerSize, out var type) && IsType(process, type, out _)))
                ? new Finding(end, Heap, 0, 0)
                : null;
    }

    // The word before an object, then the object: a pointer to its type, the length of a text or an array. The empty text comes first.
    private Finding? FrozenObjectsAt(IWindowsProcess process, ulong end, int pointerSize) =>
        pointerSize == 8
        && Field(0, pointerSize) == 0 && Field(2, pointerSize) == 0
        && IsType(process, Field(1, pointerSize), out var elementSize) && elementSize == sizeof(char)
        && IsType(process, Field(4, pointerSize), out _)
            ? new Finding(end, FrozenObjects, 0, 0)
            : null;

    // MethodTable: flags, with the size of an element when there are any, then the size without elements.
    private static bool IsType(IWindowsProcess process, ulong address, out uint elementSize)
    {
        elementSize = 0;
        if (address % 4 != 0 || !process.TryReadUInt32(address, out var flags)
            || !process.TryReadUInt32(address + 4, out var size) || size is < SmallestObject or > LargestObject)
        {
            return false;
        }
        elementSize = (flags & HasElements) != 0 ? flags & 0xFFFF : 0;
        return true;
    }

    private static bool HasRuntime(IWindowsProcess process, RegionWalk walk)
    {
        foreach (ref readonly var region in walk.Regions)
        {
            if (region.Type == MemoryType.Image && region.BaseAddress == region.AllocationBase
                && ManagedRuntimes.IsOne(process.MappedFileName(region.BaseAddress)))
            {
                return true;
            }
        }
        return false;
    }

    private ulong Field(int index, int pointerSize) => TargetMemory.PointerAt(_beginning, index * pointerSize, pointerSize);

    /// <summary>What was known of an allocation by its beginning.</summary>
    private readonly record struct Finding(ulong End, string Detail, ulong HeapStart, ulong HeapEnd)
    {
        public bool StillHolds(RegionWalk walk) =>
            HeapEnd == 0 || (walk.TryFindAllocation(HeapStart, out var start, out var end, out _) && (start, end) == (HeapStart, HeapEnd));
    }
}
