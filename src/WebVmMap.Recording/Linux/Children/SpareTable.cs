using System.Runtime.CompilerServices;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>
/// Where the processes that a recorded one starts find memory for themselves: a table in the memory of the process that was launched, which
/// this holds open for as long as any of them may come. What stands there may be anything. Not thread-safe.
/// </summary>
internal sealed unsafe class SpareTable : IDisposable
{
    private readonly int _file;
    private readonly byte* _header;

    /// <summary>Of the memory of the process that is to be launched, which may go before this does.</summary>
    /// <exception cref="RecordingException">The system gives no more open files or memory.</exception>
    public SpareTable(LinuxRingMemory root)
    {
        _file = Libc.Fcntl(root.File, Libc.F_DUPFD_CLOEXEC, 0);
        var header = _file < 0 ? -1 : Libc.Mmap(0, RingLayout.HeaderBytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, _file, 0);
        if (header == -1)
        {
            var error = Libc.LastError();
            _ = Libc.Close(_file);
            throw new RecordingException($"The memory shared with the program could not be opened again, so the processes that it starts cannot be followed: {error}.");
        }
        _header = (byte*)header;
        Path = $"/proc/{Environment.ProcessId}/fd/{_file}";
    }

    /// <summary>The path by which another process of the same user opens it, as long as this one has it.</summary>
    public string Path { get; }

    /// <summary>Says whether processes are followed, and whether they are to wait for a spare.</summary>
    /// <param name="follow">A <c>Follow...</c> of <see cref="RingLayout"/>.</param>
    public void Say(uint follow) => Volatile.Write(ref Unsafe.AsRef<uint>(_header + RingLayout.FollowAt), follow);

    /// <summary>Puts a spare memory into a place that is free.</summary>
    public void Put(int place, LinuxRingMemory memory) => Volatile.Write(ref Word(place), Spare(memory));

    /// <summary>Who took what was put there; 0 while nobody has.</summary>
    public int TakenBy(int place) => (int)(uint)Volatile.Read(ref Word(place)) & int.MaxValue;

    /// <summary>Takes a spare back.</summary>
    /// <returns>False when somebody has taken it.</returns>
    public bool TryTakeBack(int place, LinuxRingMemory memory) => Interlocked.CompareExchange(ref Word(place), 0, Spare(memory)) == Spare(memory);

    /// <summary>Who took it needs it no longer.</summary>
    public void Clear(int place) => Volatile.Write(ref Word(place), 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Munmap((nint)_header, RingLayout.HeaderBytes);
        _ = Libc.Close(_file);
    }

    private static ulong Spare(LinuxRingMemory memory) => (ulong)(uint)(memory.File + 1) << RingLayout.SpareFileShift;

    private ref ulong Word(int place) => ref Unsafe.AsRef<ulong>(_header + RingLayout.SparesAt + (place * sizeof(ulong)));
}
