using System.Runtime.CompilerServices;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Ring;

/// <summary>
/// The memory that tracer and agent share, as the agent sees it. What is read from it was written by the traced program's process and may
/// be anything. One thread maps and reads; <see cref="Stop"/> may be called from any.
/// </summary>
internal sealed unsafe class RingMemory : IDisposable
{
    // As long as an agent that lives may be busy with anything else.
    private static readonly TimeSpan s_gone = TimeSpan.FromSeconds(2);

    private readonly int _file;
    private readonly uint _recording;
    private readonly byte* _header;
    private readonly nint[] _slots = new nint[RingLayout.Slots];
    private bool _disposed;

    /// <summary>Makes one that nobody else has yet.</summary>
    /// <param name="options">How long a thread of the target may wait, how deep a stack goes, and how much is told.</param>
    /// <exception cref="RecordingException">The system gives none.</exception>
    public RingMemory(RecorderOptions options)
    {
        _file = Libc.MemfdCreate("webvmmap-ring", Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING);
        if (_file < 0 || Libc.Ftruncate(_file, RingLayout.FileBytes) != 0 || !Seal(_file))
        {
            throw new RecordingException($"No memory could be had to share with the program: {Libc.LastError()}.");
        }
        _header = Map(0, RingLayout.FirstSlot);
        *(ulong*)_header = RingLayout.Magic;
        *(uint*)(_header + 8) = RingLayout.Version;
        *(uint*)(_header + RingLayout.MaxWaitAt) = (uint)options.MaxWait.TotalMicroseconds;
        *(uint*)(_header + RingLayout.MaxFramesAt) = (uint)Math.Clamp(options.MaxFrames, 1, RingLayout.MaxFrames);
        *(long*)(_header + RingLayout.SampleBytesAt) = SampleBytes = options.SampleBytes;
        Path = $"/proc/{Environment.ProcessId}/fd/{_file}";
    }

    private RingMemory(int file, long sampleBytes)
    {
        _file = file;
        SampleBytes = sampleBytes;
        Path = "";
        _header = Map(0, RingLayout.FirstSlot);
        _recording = Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.StateAt)) >> RingLayout.RecordingShift;
    }

    /// <summary>Opens one that a process made, to share it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="file">The number of its open file.</param>
    /// <param name="sampleBytes">One allocation in so many bytes is told; 0 for all.</param>
    /// <exception cref="RecordingException">There is none, or it is none that this agent understands.</exception>
    public static RingMemory Open(int pid, int file, long sampleBytes)
    {
        var opened = Libc.Open($"/proc/{pid}/fd/{file}", Libc.O_RDWR | Libc.O_CLOEXEC);
        if (opened < 0)
        {
            throw new RecordingException($"The memory that process {pid} shares could not be opened: {Libc.LastError()}.");
        }
        // Sealed before it is looked at: a file that got shorter would end this program.
        if (!Seal(opened) || Libc.Seek(opened, 0, Libc.SEEK_END) != RingLayout.FileBytes)
        {
            _ = Libc.Close(opened);
            throw new RecordingException($"The memory that process {pid} shares is none of a tracer's.");
        }
        var memory = new RingMemory(opened, sampleBytes);
        if (*(ulong*)memory._header == RingLayout.Magic && *(uint*)(memory._header + 8) == RingLayout.Version)
        {
            return memory;
        }
        memory.Dispose();
        throw new RecordingException($"The memory that process {pid} shares is of a tracer that this agent does not know.");
    }

    /// <summary>The path by which another process of the same user opens it, as long as this one has it.</summary>
    public string Path { get; }

    /// <summary>0 when every allocation is told, else one is in so many bytes on average.</summary>
    public long SampleBytes { get; }

    /// <summary>The process that records; 0 while none came.</summary>
    public int Pid => (int)Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.PidAt));

    /// <summary>How many rings were ever used.</summary>
    public int UsedSlots => (int)Math.Min(Volatile.Read(ref Unsafe.AsRef<uint>(_header + RingLayout.SlotsAt)), RingLayout.Slots);

    /// <summary>Events that the tracer could not record at all: in a signal's handler, in a thread that had ended, or for want of a ring.</summary>
    public long Skipped => (long)(Read(_header + RingLayout.SkippedAt) + Read(_header + RingLayout.NoSlotAt));

    /// <summary>The log of modules, as far as it is whole.</summary>
    public ReadOnlySpan<byte> Log => new(_header + RingLayout.HeaderBytes, (int)Math.Min(Read(_header + RingLayout.LogLengthAt), RingLayout.LogBytes));

    /// <summary>Tells the tracer that somebody drains.</summary>
    public void Beat() => Volatile.Write(ref Unsafe.AsRef<ulong>(_header + RingLayout.BeatAt), Read(_header + RingLayout.BeatAt) + 1);

    /// <summary>Whether an agent reads from it: waits until it is seen to, or that it has not for as long as one would.</summary>
    public bool IsDrained()
    {
        var before = Read(_header + RingLayout.BeatAt);
        return SpinWait.SpinUntil(() => Read(_header + RingLayout.BeatAt) != before, s_gone);
    }

    /// <summary>Whether what lies in a slot is of this recording: a process that was attached to before may have a slot of an earlier one.</summary>
    public bool IsOfThis(byte* slot) => Read(slot + RingLayout.RecordingAt) == _recording;

    /// <summary>
    /// Whether the memory of the rings goes back to the system when this is disposed of, though the process still has it: set when the tracer
    /// has stepped aside. A thread that still writes gets new one.
    /// </summary>
    public bool GivesBack { get; set; }

    /// <summary>Has the tracer step aside.</summary>
    public void Stop()
    {
        lock (_slots)
        {
            if (!_disposed)
            {
                Volatile.Write(ref Unsafe.AsRef<uint>(_header + RingLayout.StateAt), (_recording << RingLayout.RecordingShift) | RingLayout.StateStop);
            }
        }
    }

    /// <summary>The ring of a slot.</summary>
    public byte* Slot(int number)
    {
        if (_slots[number] == 0)
        {
            _slots[number] = (nint)Map(RingLayout.FirstSlot + ((long)number * RingLayout.SlotBytes), RingLayout.SlotBytes);
        }
        return (byte*)_slots[number];
    }

    /// <summary>A word that the other side may write at any time.</summary>
    public static ulong Read(byte* at) => Volatile.Read(ref Unsafe.AsRef<ulong>(at));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_slots)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            foreach (var slot in _slots.Where(slot => slot != 0))
            {
                _ = Libc.Munmap(slot, RingLayout.SlotBytes);
            }
            _ = Libc.Munmap((nint)_header, RingLayout.FirstSlot);
            if (GivesBack)
            {
                _ = Libc.Fallocate(_file, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, RingLayout.FirstSlot, RingLayout.FileBytes - RingLayout.FirstSlot);
            }
            _ = Libc.Close(_file);
        }
    }

    private static bool Seal(int file) =>
        Libc.Fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_SEAL) == 0
        || (Libc.Fcntl(file, Libc.F_GET_SEALS, 0) is > 0 and var seals && (seals & Libc.F_SEAL_SHRINK) != 0);

    private byte* Map(long from, int bytes)
    {
        var at = Libc.Mmap(0, (nuint)bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, _file, from);
        return at == -1 ? throw new RecordingException($"The memory shared with the program could not be mapped: {Libc.LastError()}.") : (byte*)at;
    }
}
