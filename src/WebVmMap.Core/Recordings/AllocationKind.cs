namespace WebVmMap.Core.Recordings;

/// <summary>Through what a block was got.</summary>
public enum AllocationKind : byte
{
    /// <summary>The allocator: malloc and its family, operator new; on Windows RtlAllocateHeap and its family.</summary>
    Heap,

    /// <summary>The system: mmap and its family, brk; on Windows NtAllocateVirtualMemory and NtMapViewOfSection.</summary>
    Virtual,
}
