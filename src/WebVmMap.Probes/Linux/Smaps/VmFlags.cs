namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>
/// The flags of a mapping that decide something here; the two letters are those of the <c>VmFlags</c> line,
/// https://docs.kernel.org/filesystems/proc.html
/// </summary>
[Flags]
internal enum VmFlags : byte
{
    /// <summary>None, or the kernel prints no such line (before 3.8).</summary>
    None = 0,

    /// <summary>There was such a line.</summary>
    Known = 1,

    /// <summary><c>ac</c>: charged against the commit limit.</summary>
    Accounted = 2,

    /// <summary><c>nr</c>: MAP_NORESERVE; glibc makes its arenas so.</summary>
    NoReserve = 4,

    /// <summary><c>dd</c>: MADV_DONTDUMP; the .NET runtime marks so what it reserved and has not committed.</summary>
    DontDump = 8,

    /// <summary><c>ht</c>: huge pages of hugetlbfs.</summary>
    HugeTlb = 16,
}
