using System.Runtime.CompilerServices;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Windows.Children;

/// <summary>
/// Where a recorded process asks for the processes that it starts to be followed: a table in its memory, which this has for as long as the process
/// runs. What stands there may be anything. Thread-safe but for its disposal.
/// </summary>
internal sealed unsafe class RequestTable : IDisposable
{
    private readonly byte* _header;

    /// <summary>Of the memory of a process that does not have it yet, which may go before this does. From here on it may ask.</summary>
    /// <exception cref="RecordingException">The system gives no memory.</exception>
    public RequestTable(WindowsRingMemory memory)
    {
        _header = memory.MapHeader();
        Say(RingLayout.FollowSpares);
    }

    /// <summary>Says whether processes are followed, and whether it is worth while to ask.</summary>
    /// <param name="follow">A <c>Follow...</c> of <see cref="RingLayout"/>.</param>
    public void Say(uint follow) => Volatile.Write(ref Unsafe.AsRef<uint>(_header + RingLayout.FollowAt), follow);

    /// <summary>Takes a request, whose process is not let run until it is answered.</summary>
    /// <param name="place">Where it stands.</param>
    /// <returns>The process; 0 when there is none.</returns>
    public int Take(int place)
    {
        var word = Volatile.Read(ref Word(place));
        var pid = (int)(uint)word;
        return pid > 0 && word == Request(RingLayout.RequestAsked, pid) && Interlocked.CompareExchange(ref Word(place), Request(RingLayout.RequestTaken, pid), word) == word ? pid : 0;
    }

    /// <summary>Whether the process is still held for a request that was taken: as long it is the one that has its id, and has not run.</summary>
    public bool IsHeld(int place, int pid) => Volatile.Read(ref Word(place)) == Request(RingLayout.RequestTaken, pid);

    /// <summary>Answers a request that was taken: the process is let run, if that has not been done since.</summary>
    public void Answer(int place, int pid) => Interlocked.CompareExchange(ref Word(place), 0, Request(RingLayout.RequestTaken, pid));

    /// <summary>Counts a process that is not followed though it was asked for.</summary>
    public void CountNotFollowed() => Interlocked.Increment(ref Unsafe.AsRef<ulong>(_header + RingLayout.NotFollowedAt));

    /// <inheritdoc/>
    public void Dispose() => _ = Kernel32.UnmapViewOfFile((nint)_header);

    private static ulong Request(uint state, int pid) => ((ulong)state << RingLayout.RequestShift) | (uint)pid;

    private ref ulong Word(int place) => ref Unsafe.AsRef<ulong>(_header + RingLayout.SparesAt + (place * sizeof(ulong)));
}
