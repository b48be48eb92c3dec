using System.Buffers.Binary;
using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Windows;

/// <summary>
/// Finds the heaps of a process from the list in its PEB, their further segments by the signature in their headers, and the
/// blocks too large for any segment from the list in the heap's header. Reads headers only; nothing runs in the process.
/// Remembers from pass to pass what it found, so as not to bring pages back into memory just to look at them.
/// </summary>
internal sealed class HeapFinder
{
    /// <summary>A process has a few dozen heaps; a list longer than this is not believed.</summary>
    public const int MaxHeaps = 1000;

    private const uint SegmentSignature = 0xFFEEFFEE;
    private const uint HeapSignature = 0xEEFFEEFF;
    private const uint SegmentHeapSignature = 0xDDEEDDEE;
    private const int HeaderSize = 0x1B0;

    // Each costs a read; a program with more large blocks than this has other worries than their name.
    private const int MaxLargeBlocks = 20_000;
    private const int FirstBuildWithFrontEndType = 17763;

    private readonly Dictionary<ulong, (ulong End, string Detail)> _segments = [];
    private readonly Dictionary<ulong, string> _heaps = [];
    private readonly byte[] _header = new byte[HeaderSize];
    private bool _hasSegmentHeap;
    private bool _tornList;
    private bool _longList;

    /// <summary>Claims the memory of every heap that can be told.</summary>
    /// <returns>How deep it went, for the snapshot's notes.</returns>
    public IReadOnlyList<SnapshotNote> Claim(IWindowsProcess process, RegionWalk walk, ClaimList claims, CancellationToken cancellation)
    {
        _heaps.Clear();
        _hasSegmentHeap = false;
        _tornList = false;
        _longList = false;
        // The program's own heaps come first; a 32-bit program has 64-bit ones besides, of the system's part in it.
        if (process.Peb32 != 0)
        {
            ClaimListed(process, process.Peb32, ProcessLayout.X86, walk, claims, "");
        }
        ClaimListed(process, process.Peb, ProcessLayout.X64, walk, claims, process.Peb32 != 0 ? " (64-bit)" : "");
        var listed = _heaps.Count;
        ClaimSegments(process, walk, claims, cancellation);
        return Notes(listed);
    }

    private void ClaimListed(IWindowsProcess process, ulong peb, ProcessLayout layout, RegionWalk walk, ClaimList claims, string suffix)
    {
        if (peb == 0
            || !process.TryReadUInt32(peb + (ulong)layout.PebNumberOfHeaps, out var count)
            || !process.TryReadPointer(peb + (ulong)layout.PebProcessHeaps, layout.PointerSize, out var list)
            || list == 0)
        {
            return;
        }
        var pointers = new byte[(int)Math.Min(count, MaxHeaps) * layout.PointerSize];
        if (!process.TryRead(list, pointers))
        {
            return;
        }
        process.TryReadPointer(peb + (ulong)layout.PebProcessHeap, layout.PointerSize, out var main);
        for (var at = 0; at < pointers.Length; at += layout.PointerSize)
        {
            var heap = TargetMemory.PointerAt(pointers, at, layout.PointerSize);
            if (heap != 0 && !_heaps.ContainsKey(heap))
            {
                ClaimHeap(process, heap, heap == main, layout, walk, claims, suffix);
            }
        }
    }

    private void ClaimHeap(
        IWindowsProcess process, ulong heap, bool isMain, ProcessLayout layout, RegionWalk walk, ClaimList claims, string suffix)
    {
        if (!walk.TryFindAllocation(heap, out var start, out var end, out var type) || type == MemoryType.Image)
        {
            return;
        }
        var name = $"Heap ID: {_heaps.Count + 1}{(isMain ? " (default)" : "")}{suffix}";
        _heaps.Add(heap, name);
        if (type == MemoryType.Mapped)
        {
            name += " (Shareable)";
        }
        if (!process.TryRead(heap, _header))
        {
            claims.Add(heap == start ? start : heap, end, RegionCategory.Heap, name);
            return;
        }
        var signature = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(layout.HeapSegmentSignature));
        if (signature == SegmentHeapSignature)
        {
            _hasSegmentHeap = true;
            claims.Add(heap == start ? start : heap, end, RegionCategory.Heap, name + " [SEGMENT HEAP]");
            return;
        }
        var isNtHeap = signature == SegmentSignature
            && BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(layout.HeapSignature)) == HeapSignature;
        if (isNtHeap && process.Build >= FirstBuildWithFrontEndType)
        {
            name += _header[layout.HeapFrontEndType] == 2 ? " [LOW FRAGMENTATION]" : " [COMPATIBILITY]";
            _heaps[heap] = name;
        }
        // A heap made by RtlCreateHeap on memory given to it may be a part of that memory only.
        var pages = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(layout.HeapSegmentPages));
        var ownEnd = heap + ((ulong)pages * RegionTableBuilder.PageSize);
        claims.Add(heap == start ? start : heap, heap == start || !isNtHeap || ownEnd > end ? end : ownEnd, RegionCategory.Heap, name);
        if (isNtHeap)
        {
            ClaimLargeBlocks(process, heap, layout, walk, claims, name);
        }
    }

    // HEAP.VirtualAllocdBlocks: a ring through the heap's header. The process goes on meanwhile, so each step has to agree with
    // the step back; where it does not, the rest is left as Private Data.
    private void ClaimLargeBlocks(IWindowsProcess process, ulong heap, ProcessLayout layout, RegionWalk walk, ClaimList claims, string name)
    {
        Span<byte> links = stackalloc byte[16];
        links = links[..(2 * layout.PointerSize)];
        var head = heap + (ulong)layout.HeapVirtualBlocks;
        var previous = head;
        var next = TargetMemory.PointerAt(_header, layout.HeapVirtualBlocks, layout.PointerSize);
        for (var count = 0; next != head; count++)
        {
            if (count == MaxLargeBlocks)
            {
                _longList = true;
                return;
            }
            if (!walk.TryFindAllocation(next, out var start, out var end, out var type)
                || type != MemoryType.Private
                || !process.TryRead(next, links)
                || TargetMemory.PointerAt(links, layout.PointerSize, layout.PointerSize) != previous)
            {
                _tornList = true;
                return;
            }
            claims.Add(start, end, RegionCategory.Heap, name + " large block");
            previous = next;
            next = TargetMemory.PointerAt(links, 0, layout.PointerSize);
        }
    }

    private void ClaimSegments(IWindowsProcess process, RegionWalk walk, ClaimList claims, CancellationToken cancellation)
    {
        var byList = _heaps.Count > 0;
        var candidates = Candidates(walk, claims);
        // Where the system tells, only headers in memory are read: reading another would bring it there.
        var known = process.QueryWorkingSet(candidates) == WindowsError.Success;
        var found = new Dictionary<ulong, (ulong End, string Detail)>();
        var main = 0UL;
        _ = !byList && process.Peb != 0 && process.TryReadPointer(process.Peb + (ulong)ProcessLayout.X64.PebProcessHeap, 8, out main);
        foreach (ref readonly var candidate in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            walk.TryFindAllocation(candidate.Address, out var start, out var end, out _);
            if (known && !candidate.Valid)
            {
                if (_segments.TryGetValue(start, out var before) && before.End == end)
                {
                    found[start] = before;
                }
            }
            else if (Recognise(process, start, byList, main) is { } detail)
            {
                found[start] = (end, detail);
            }
        }
        _segments.Clear();
        foreach (var (start, segment) in found)
        {
            _segments.Add(start, segment);
            claims.Add(start, segment.End, RegionCategory.Heap, segment.Detail);
        }
    }

    private static Span<WorkingSetPage> Candidates(RegionWalk walk, ClaimList claims)
    {
        var candidates = new List<WorkingSetPage>();
        foreach (ref readonly var region in walk.Regions)
        {
            if (region.BaseAddress == region.AllocationBase
                && region is { Type: MemoryType.Private, State: MemoryState.Commit }
                && region.Protect.Writes()
                && !region.Protect.HasFlag(PageProtection.Guard)
                && !claims.Holds(region.BaseAddress))
            {
                candidates.Add(new WorkingSetPage { Address = region.BaseAddress });
            }
        }
        return CollectionsMarshal.AsSpan(candidates);
    }

    private string? Recognise(IWindowsProcess process, ulong start, bool byList, ulong main)
    {
        Span<byte> header = stackalloc byte[0x30];
        if (!process.TryRead(start, header))
        {
            return null;
        }
        if (byList)
        {
            return Segment(header, ProcessLayout.X64) ?? (process.Peb32 != 0 ? Segment(header, ProcessLayout.X86) : null);
        }
        var signature = BinaryPrimitives.ReadUInt32LittleEndian(header[ProcessLayout.X64.HeapSegmentSignature..]);
        if (signature is not (SegmentSignature or SegmentHeapSignature))
        {
            return null;
        }
        var name = $"Heap ID: {_heaps.Count + 1}{(start == main ? " (default)" : "")}{(signature == SegmentHeapSignature ? " [SEGMENT HEAP]" : "")}";
        _hasSegmentHeap |= signature == SegmentHeapSignature;
        _heaps.Add(start, name);
        return name;
    }

    private string? Segment(ReadOnlySpan<byte> header, ProcessLayout layout) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[layout.HeapSegmentSignature..]) == SegmentSignature
        && _heaps.TryGetValue(TargetMemory.PointerAt(header, layout.HeapSegmentHeap, layout.PointerSize), out var name)
            ? name + " segment"
            : null;

    private List<SnapshotNote> Notes(int listed)
    {
        var notes = new List<SnapshotNote>
        {
            listed > 0
                ? new(SnapshotNoteKind.Method, "Heaps were found from the process's own list, their segments by the signature in each header.")
                : _heaps.Count > 0
                    ? new(SnapshotNoteKind.Method, "The process's list of heaps is empty: heaps were found by the signature in their headers, and what they grew by later counts as Private Data.")
                    : new(SnapshotNoteKind.Limitation, "No heap was found: their memory counts as Private Data."),
        };
        if (_hasSegmentHeap)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, "The process uses segment heaps: only their first part is shown as Heap, the rest counts as Private Data."));
        }
        if (_longList)
        {
            notes.Add(new(SnapshotNoteKind.Limitation, $"A heap has more than {MaxLargeBlocks:N0} large blocks: the rest of them count as Private Data."));
        }
        if (_tornList)
        {
            notes.Add(new(SnapshotNoteKind.ChangedWhileRead, "A heap's list of large blocks changed while it was read: some of them count as Private Data."));
        }
        return notes;
    }
}
