namespace WebVmMap.Recording.Linux;

/// <summary>Memory of zeros that is there at once, in one huge page where the system has them.</summary>
internal static unsafe class HugePages
{
    /// <summary>Size and alignment of a huge page, in bytes.</summary>
    public const int Bytes = 2 << 20;

    private const int SmallestPage = 4096;

    /// <summary>Maps one and has the system fill it now: it writes its zeros once, and nobody waits for them later.</summary>
    /// <exception cref="RecordingException">The system has no memory.</exception>
    public static nint Map()
    {
        // Twice as much, of which what lies before and behind a whole huge page is given back.
        var at = Libc.Mmap(0, 2 * Bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        if (at == -1)
        {
            throw new RecordingException($"There is no more memory here to keep the program's live blocks: {Libc.LastError()}. What was recorded before holds.");
        }
        var page = (at + Bytes - 1) & -Bytes;
        if (page > at)
        {
            _ = Libc.Munmap(at, (nuint)(page - at));
        }
        _ = Libc.Munmap(page + Bytes, (nuint)(at + Bytes - page));
        // Where it is refused the pages are small. https://man7.org/linux/man-pages/man2/madvise.2.html
        _ = Libc.Madvise(page, Bytes, Libc.MADV_HUGEPAGE);
        if (Libc.Madvise(page, Bytes, Libc.MADV_POPULATE_WRITE) != 0)
        {
            // Before Linux 5.14: by a write to each page.
            for (var i = 0; i < Bytes; i += SmallestPage)
            {
                ((byte*)page)[i] = 0;
            }
        }
        return page;
    }

    /// <summary>Gives one back.</summary>
    public static void Unmap(nint page) => _ = Libc.Munmap(page, Bytes);
}
