namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>A library whose presence tells what anonymous memory is.</summary>
internal enum LibraryRole : byte
{
    /// <summary>None of these.</summary>
    None,

    /// <summary>glibc's or, before glibc 2.34, its thread library: both publish the layout of a thread's descriptor.</summary>
    GlibcThreads,

    /// <summary>glibc's loader, which holds the list of threads.</summary>
    GlibcLoader,

    /// <summary>The .NET runtime.</summary>
    CoreClr,

    /// <summary>jemalloc.</summary>
    Jemalloc,

    /// <summary>mimalloc.</summary>
    Mimalloc,

    /// <summary>tcmalloc.</summary>
    TcMalloc,
}
