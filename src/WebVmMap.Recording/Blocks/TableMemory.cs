using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// Memory for the shards of a table: pieces of one size out of few big regions, of huge pages where the system has them, for the addresses
/// of a table are looked up all over it and each small page would cost a walk through the page tables. Not thread-safe.
/// </summary>
/// <param name="pieceBytes">Size of a piece, a power of two up to 2 MiB.</param>
internal sealed unsafe class TableMemory(int pieceBytes) : IDisposable
{
    private const int HugePage = 2 << 20;

    private readonly List<nint> _regions = [];
    private readonly Stack<nint> _returned = [];
    private byte* _next;
    private int _left;

    /// <summary>A piece of zeros.</summary>
    public void* Rent()
    {
        void* piece;
        if (_returned.TryPop(out var before))
        {
            piece = (void*)before;
        }
        else
        {
            if (_left == 0)
            {
                Extend();
            }
            piece = _next;
            _next += pieceBytes;
            _left -= pieceBytes;
        }
        NativeMemory.Clear(piece, (nuint)pieceBytes);
        return piece;
    }

    /// <summary>Gives a piece back.</summary>
    public void Return(void* piece) => _returned.Push((nint)piece);

    /// <summary>Lets go of all pieces.</summary>
    public void Dispose()
    {
        foreach (var region in _regions)
        {
            NativeMemory.AlignedFree((void*)region);
        }
        _regions.Clear();
        _returned.Clear();
        _left = 0;
    }

    private void Extend()
    {
        _next = (byte*)NativeMemory.AlignedAlloc(HugePage, HugePage);
        _left = HugePage;
        _regions.Add((nint)_next);
        if (OperatingSystem.IsLinux())
        {
            // Where it is refused the pages are small. https://man7.org/linux/man-pages/man2/madvise.2.html
            _ = Libc.Madvise((nint)_next, HugePage, Libc.MADV_HUGEPAGE);
        }
    }
}
