using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>A region as it will be shown: a walked one, or the part of one that a claim cuts out, with its figures.</summary>
internal struct Piece
{
    public ulong Address;
    public ulong Size;
    public ulong AllocationBase;
    public PageProtection AllocationProtect;
    public PageProtection Protect;
    public MemoryState State;
    public MemoryType Type;
    public RegionCategory Category;
    public int Detail;

    /// <summary>Resident pages that cannot be shared.</summary>
    public long PrivatePages;

    /// <summary>Resident pages that can be shared.</summary>
    public long ShareablePages;

    /// <summary>Shareable pages that another process has too.</summary>
    public long SharedPages;

    /// <summary>Resident pages that are locked.</summary>
    public long LockedPages;

    /// <summary>True when memory or a file is behind it.</summary>
    public readonly bool IsCommitted => State == MemoryState.Commit;

    /// <summary>
    /// Bytes charged to this process alone: all that is committed of private memory; of images and mapped files the pages
    /// that a write has copied. Such a page is known by being resident and unshareable, or by its protection: the first write
    /// to a copy-on-write page turns it into an ordinary writable one. A section that every process writes together
    /// (IMAGE_SCN_MEM_SHARED) has that protection too, and is known by its shareable pages.
    /// </summary>
    public readonly long PrivateBytes
    {
        get
        {
            if (!IsCommitted)
            {
                return 0;
            }
            if (Type == MemoryType.Private)
            {
                return (long)Size;
            }
            var copies = AllocationProtect.CopiesOnWrite() && Protect.Writes() && ShareablePages == 0;
            return copies ? (long)Size : PrivatePages * RegionTableBuilder.PageSize;
        }
    }
}
