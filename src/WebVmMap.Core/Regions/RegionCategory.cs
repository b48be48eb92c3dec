namespace WebVmMap.Core.Regions;

/// <summary>What a region is, in the order the summary shows it. The values are part of the stored and sent format.</summary>
public enum RegionCategory : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>An executable or library mapped as such.</summary>
    Image = 1,

    /// <summary>A section or mapping backed by a file on disk.</summary>
    MappedFile = 2,

    /// <summary>Shared memory with no file on disk: pagefile sections, shm, memfd, SysV.</summary>
    Shareable = 3,

    /// <summary>Memory of a native heap manager.</summary>
    Heap = 4,

    /// <summary>Memory of a garbage-collected runtime.</summary>
    ManagedHeap = 5,

    /// <summary>A thread's stack.</summary>
    Stack = 6,

    /// <summary>Private memory that nothing above claims.</summary>
    PrivateData = 7,

    /// <summary>Kernel memory for the process's page tables: a figure, with no place in the address space.</summary>
    PageTable = 8,

    /// <summary>The rest of an allocation granule that nobody can allocate (Windows).</summary>
    Unusable = 9,

    /// <summary>Address space not in use. It is never part of a total.</summary>
    Free = 10,
}
