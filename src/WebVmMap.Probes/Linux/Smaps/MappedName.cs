namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>One name that a mapping has, and what follows from it.</summary>
internal sealed class MappedName
{
    private MappedName(string text, int textIndex, MappingKind kind, LibraryRole role)
    {
        Text = text;
        TextIndex = textIndex;
        Kind = kind;
        Role = role;
    }

    /// <summary>The name for people, with " (deleted)" where the kernel says so.</summary>
    public string Text { get; }

    /// <summary>Its index in the string table.</summary>
    public int TextIndex { get; }

    /// <summary>What it names.</summary>
    public MappingKind Kind { get; }

    /// <summary>Which known library it is.</summary>
    public LibraryRole Role { get; }

    /// <summary>The last pass in which a mapping had this name.</summary>
    public int SeenInPass { get; set; }

    /// <summary>The last pass in which a mapping of it was executable.</summary>
    public int ExecutableInPass { get; set; }

    /// <summary>Whether its first bytes are those of a program or library; null until that was looked at.</summary>
    public bool? HasImageMagic { get; set; }

    /// <summary>Where the image was found mapped last, and its end by its own headers (0: not told).</summary>
    public (ulong Start, ulong End) ImageExtent { get; set; }

    /// <summary>Judges a name as the kernel writes it.</summary>
    public static MappedName Of(string text, int textIndex)
    {
        var kind = KindOf(text);
        return new MappedName(text, textIndex, kind, kind == MappingKind.File ? RoleOf(text) : LibraryRole.None);
    }

    private static MappingKind KindOf(string name)
    {
        if (name.StartsWith('/'))
        {
            return name.StartsWith("/memfd:doublemapper", StringComparison.Ordinal) ? MappingKind.JitCode
                : name.StartsWith("/memfd:", StringComparison.Ordinal)
                    || name.StartsWith("/SYSV", StringComparison.Ordinal)
                    || name.StartsWith("/dev/", StringComparison.Ordinal)
                    || name.StartsWith("/anon_hugepage", StringComparison.Ordinal)
                ? MappingKind.SharedMemory
                : MappingKind.File;
        }
        if (!name.StartsWith('['))
        {
            // "anon_inode:[io_uring]", "socket:[4711]", "i915": kernel objects. "(unreachable)/path": a file outside our root.
            return name.StartsWith("(unreachable)", StringComparison.Ordinal) ? MappingKind.File : MappingKind.SharedMemory;
        }
        return name switch
        {
            "[heap]" => MappingKind.Heap,
            "[stack]" => MappingKind.Stack,
            _ when name.StartsWith("[stack:", StringComparison.Ordinal) => MappingKind.Stack,
            _ when name.StartsWith("[anon:", StringComparison.Ordinal) => MappingKind.NamedAnonymous,
            _ when name.StartsWith("[anon_shmem:", StringComparison.Ordinal) => MappingKind.SharedMemory,
            _ => MappingKind.Kernel,
        };
    }

    private static LibraryRole RoleOf(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return Is(name, "libc") || Is(name, "libpthread") ? LibraryRole.GlibcThreads
            : Is(name, "ld-linux-x86-64") || IsVersioned(name, "ld-2") ? LibraryRole.GlibcLoader
            : Is(name, "libcoreclr") ? LibraryRole.CoreClr
            : Is(name, "libjemalloc") ? LibraryRole.Jemalloc
            : Is(name, "libmimalloc") || Is(name, "libmimalloc-secure") ? LibraryRole.Mimalloc
            : Is(name, "libtcmalloc") || Is(name, "libtcmalloc_minimal") || Is(name, "libtcmalloc_debug") || Is(name, "libtcmalloc_minimal_debug") ? LibraryRole.TcMalloc
            : LibraryRole.None;
    }

    /// <summary><c>libx.so</c>, <c>libx.so.2</c> or <c>libx-2.31.so</c>.</summary>
    private static bool Is(ReadOnlySpan<char> file, string library) =>
        file.StartsWith(library, StringComparison.Ordinal)
        && (file[library.Length..].StartsWith(".so", StringComparison.Ordinal) || IsVersioned(file, library + "-2"));

    private static bool IsVersioned(ReadOnlySpan<char> file, string start) =>
        file.StartsWith(start, StringComparison.Ordinal) && file[start.Length..].StartsWith('.') && file.Contains(".so", StringComparison.Ordinal);
}
