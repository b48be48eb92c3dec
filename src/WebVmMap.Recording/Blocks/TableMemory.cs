using System.Runtime.InteropServices;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// Memory for the shards of a table: pieces of one size out of few big regions, of huge pages where the system has them, for the addresses
/// of a table are looked up all over it and each small page would cost a walk through the page tables. The system may take milliseconds
/// to give a region, so from the third one on the next is had ahead, and of many more than one; the first are small, for programs that have little. Not thread-safe.
/// </summary>
/// <param name="pieceBytes">Size of a piece, a power of two up to 1 MiB.</param>
internal sealed unsafe class TableMemory(int pieceBytes) : IDisposable
{
    private const int MostAhead = 4;

    private readonly List<(nint At, int Bytes)> _regions = [];
    private readonly Stack<nint> _returned = [];
    private readonly Queue<Task<nint>> _ahead = [];
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
        while (_ahead.TryDequeue(out var ahead))
        {
            // One that failed has left nothing.
            Task.WaitAny(ahead);
            if (ahead.IsCompletedSuccessfully)
            {
                _regions.Add((ahead.Result, HugePages.Bytes));
            }
        }
        foreach (var (region, bytes) in _regions)
        {
            if (IsHuge(bytes))
            {
                HugePages.Unmap(region);
            }
            else
            {
                NativeMemory.AlignedFree((void*)region);
            }
        }
        _regions.Clear();
        _returned.Clear();
        _left = 0;
    }

    private void Extend()
    {
        _left = _regions.Count switch { 0 => pieceBytes, 1 => pieceBytes * 2, _ => HugePages.Bytes };
        _next = (byte*)(_ahead.TryDequeue(out var ahead) ? ahead.GetAwaiter().GetResult() : NewRegion(_left));
        _regions.Add(((nint)_next, _left));
        for (var wanted = Math.Min(_regions.Count / 2, MostAhead); _ahead.Count < wanted;)
        {
            _ahead.Enqueue(Task.Run(() => NewRegion(HugePages.Bytes)));
        }
    }

    private static bool IsHuge(int bytes) => bytes == HugePages.Bytes && OperatingSystem.IsLinux();

    private static nint NewRegion(int bytes)
    {
        if (IsHuge(bytes))
        {
            return HugePages.Map();
        }
        var region = NativeMemory.AlignedAlloc((nuint)bytes, (nuint)bytes);
        NativeMemory.Clear(region, (nuint)bytes);
        return (nint)region;
    }
}
