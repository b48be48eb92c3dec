namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>What a mapping's name says that it is.</summary>
internal enum MappingKind : byte
{
    /// <summary>It has no name.</summary>
    None,

    /// <summary>A file that has a path.</summary>
    File,

    /// <summary>Shared memory, or a device: no file on disk is behind it.</summary>
    SharedMemory,

    /// <summary>Code that the .NET runtime made, mapped twice so that it is never writable and executable at one address.</summary>
    JitCode,

    /// <summary>The memory that <c>brk</c> moves the end of.</summary>
    Heap,

    /// <summary>The first thread's stack.</summary>
    Stack,

    /// <summary>Code and data that the kernel maps into every process.</summary>
    Kernel,

    /// <summary>Anonymous memory with a name that the program gave it (PR_SET_VMA_ANON_NAME).</summary>
    NamedAnonymous,
}
