using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>One record of smaps, in bytes, and what was found out about it.</summary>
internal struct SmapsRegion
{
    public ulong Start;
    public ulong End;
    public ulong Offset;
    public ulong Inode;
    public uint Device;

    /// <summary>Index into <see cref="MappingNames"/>; 0 for none.</summary>
    public int Name;
    public Protection Protection;
    public VmFlags Flags;
    public long Rss;
    public long Pss;
    public long SharedClean;
    public long SharedDirty;
    public long Anonymous;
    public long Swap;
    public long Locked;
    public long SharedHugetlb;
    public long PrivateHugetlb;

    public ulong AllocationBase;
    public int Detail;
    public RegionCategory Category;

    public readonly long Size => (long)(End - Start);

    public readonly bool IsShared => (Protection & Protection.Shared) != 0;

    /// <summary>Memory of this process alone that no file and no name is behind.</summary>
    public readonly bool IsUnnamedAnonymous => Name == 0 && Inode == 0 && (Protection & Protection.Shared) == 0;

    /// <summary>Readable and writable.</summary>
    public readonly bool IsReadWrite => (Protection & (Protection.Read | Protection.Write)) == (Protection.Read | Protection.Write);

    /// <summary><c>---</c></summary>
    public readonly bool IsInaccessible => (Protection & (Protection.Read | Protection.Write | Protection.Execute)) == 0;

    /// <summary>Something is in memory or in swap.</summary>
    public readonly bool HasPages => (Rss | Swap) != 0;
}
