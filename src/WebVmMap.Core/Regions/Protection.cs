namespace WebVmMap.Core.Regions;

/// <summary>What may be done with the pages of a region. The values are part of the stored and sent format.</summary>
/// <remarks>Windows: memory protection constants, https://learn.microsoft.com/windows/win32/memory/memory-protection-constants.
/// Linux: the permissions column of <c>/proc/PID/maps</c>.</remarks>
[Flags]
public enum Protection : ushort
{
    /// <summary>No access.</summary>
    None = 0,

    /// <summary>May be read.</summary>
    Read = 1,

    /// <summary>May be written.</summary>
    Write = 2,

    /// <summary>May be executed.</summary>
    Execute = 4,

    /// <summary>A write makes a private copy (Windows PAGE_WRITECOPY family).</summary>
    CopyOnWrite = 8,

    /// <summary>The first access raises an exception (Windows PAGE_GUARD).</summary>
    Guard = 16,

    /// <summary>Not cached (Windows PAGE_NOCACHE).</summary>
    NoCache = 32,

    /// <summary>Writes are combined (Windows PAGE_WRITECOMBINE).</summary>
    WriteCombine = 64,

    /// <summary>Writes reach the other processes that map it (Linux <c>s</c>).</summary>
    Shared = 128,

    /// <summary>Address space without memory behind it (Windows MEM_RESERVE).</summary>
    Reserved = 256,
}
