using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// Memory for the shards of a table: pieces of one size out of few big regions, of huge pages where the system has them, for the addresses
/// of a table are looked up all over it and each small page would cost a walk through the page tables. The system may take milliseconds
/// to give a region, so from the third one on the next is had ahead; the first are small, for programs that have little. Not thread-safe.
/// </summary>
/// <param name="pieceBytes">Size of a piece, a power of two up to 1 MiB.</param>
internal sealed unsafe class TableMemory(int pieceBytes) : IDisposable
{
    private const int HugePage = 2 << 20;

    private readonly List<nint> _regions = [];
    private readonly Stack<nint> _returned = [];
    private Task<nint>? _ahead;
    private byte* _next;
    private int _left;

    /// <summary>A piece of zeros.</summary>
    public void* Rent()
    {
        if (_returned.TryPop(out var before))
        {
            NativeMemory.Clear((void*)before, (nuint)pieceBytes);
            return (void*)before;
        }
        if (_left == 0)
        {
            Extend();
        }
        var piece = _next;
        _next += pieceBytes;
        _left -= pieceBytes;
        return piece;
    }

    /// <summary>Gives a piece back.</summary>
    public void Return(void* piece) => _returned.Push((nint)piece);

    /// <summary>Lets go of all pieces.</summary>
    public void Dispose()
    {
        if (_ahead is not null)
        {
            _regions.Add(_ahead.GetAwaiter().GetResult());
            _ahead = null;
        }
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
        _left = _regions.Count switch { 0 => pieceBytes, 1 => pieceBytes * 2, _ => HugePage };
        _next = (byte*)(_ahead?.GetAwaiter().GetResult() ?? NewRegion(_left));
        _regions.Add((nint)_next);
        _ahead = _regions.Count > 1 ? Task.Run(() => NewRegion(HugePage)) : null;
    }

    private static nint NewRegion(int bytes)
    {
        var region = NativeMemory.AlignedAlloc((nuint)bytes, (nuint)bytes);
        if (bytes == HugePage && OperatingSystem.IsLinux())
        {
            // Where it is refused the pages are small. https://man7.org/linux/man-pages/man2/madvise.2.html
            _ = Libc.Madvise((nint)region, HugePage, Libc.MADV_HUGEPAGE);
        }
        NativeMemory.Clear(region, (nuint)bytes);
        return (nint)region;
    }
}
