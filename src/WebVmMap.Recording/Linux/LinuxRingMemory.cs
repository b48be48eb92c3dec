using System.Runtime.CompilerServices;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux;

/// <summary>A ring in a file of memory that has no name in any folder.</summary>
internal sealed unsafe class LinuxRingMemory : RingMemory
{
    private readonly int _file;

    private LinuxRingMemory(int file, byte* header, RecorderOptions options)
        : base(header, options)
    {
        _file = file;
        Path = $"/proc/{Environment.ProcessId}/fd/{_file}";
    }

    private LinuxRingMemory(int file, byte* header, long sampleBytes)
        : base(header, sampleBytes)
    {
        _file = file;
        Path = "";
    }

    /// <summary>The path by which another process of the same user opens it, as long as this one has it.</summary>
    public string Path { get; }

    /// <summary>Makes one that nobody else has yet.</summary>
    /// <exception cref="RecordingException">The system gives none.</exception>
    public static LinuxRingMemory Create(RecorderOptions options)
    {
        var file = Libc.MemfdCreate("webvmmap-ring", Libc.MFD_CLOEXEC | Libc.MFD_ALLOW_SEALING);
        if (file < 0 || Libc.Ftruncate(file, RingLayout.FileBytes) != 0 || !Seal(file))
        {
            throw new RecordingException($"No memory could be had to share with the program: {Libc.LastError()}.");
        }
        return new LinuxRingMemory(file, Map(file, 0, RingLayout.FirstSlot), options);
    }

    /// <summary>
    /// Whether the memory of the rings goes back to the system when this is disposed of, though the process still has it: set when the tracer
    /// has stepped aside. A thread that still writes gets new one.
    /// </summary>
    public bool GivesBack { get; set; }

    /// <summary>The number of its open file in this program.</summary>
    public int File => _file;

    /// <summary>Opens one that a process made, to share it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="file">The number of its open file.</param>
    /// <param name="sampleBytes">One allocation in so many bytes is told; 0 for all.</param>
    /// <exception cref="RecordingException">There is none, or it is none that this agent understands.</exception>
    public static LinuxRingMemory Open(int pid, int file, long sampleBytes)
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
        var memory = new LinuxRingMemory(opened, Map(opened, 0, RingLayout.FirstSlot), sampleBytes);
        if (memory.IsUnderstood)
        {
            return memory;
        }
        memory.Dispose();
        throw new RecordingException($"The memory that process {pid} shares is of a tracer that this agent does not know.");
    }

    /// <inheritdoc/>
    public override bool IsWoken => true;

    /// <inheritdoc/>
    public override void Sleep(TimeSpan longest)
    {
        // https://man7.org/linux/man-pages/man2/futex.2.html; one that was not woken wakes by itself.
        ref var asleep = ref Unsafe.AsRef<uint>(Header + RingLayout.AsleepAt);
        var time = new Libc.Timespec
        {
            Seconds = longest.Ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = longest.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
        Volatile.Write(ref asleep, 1);
        _ = Libc.SystemCall(Libc.SYS_futex, (nint)(Header + RingLayout.AsleepAt), Libc.FUTEX_WAIT, 1, (nint)(&time));
        Volatile.Write(ref asleep, 0);
    }

    /// <inheritdoc/>
    protected override byte* MapSlot(int number) => Map(_file, RingLayout.FirstSlot + ((long)number * RingLayout.SlotBytes), RingLayout.SlotBytes);

    /// <inheritdoc/>
    protected override void Release(byte* header, IEnumerable<nint> slots)
    {
        foreach (var slot in slots)
        {
            _ = Libc.Munmap(slot, RingLayout.SlotBytes);
        }
        _ = Libc.Munmap((nint)header, RingLayout.FirstSlot);
        if (GivesBack)
        {
            _ = Libc.Fallocate(_file, Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE, RingLayout.FirstSlot, RingLayout.FileBytes - RingLayout.FirstSlot);
        }
        _ = Libc.Close(_file);
    }

    private static bool Seal(int file) =>
        Libc.Fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_SEAL) == 0
        || (Libc.Fcntl(file, Libc.F_GET_SEALS, 0) is > 0 and var seals && (seals & Libc.F_SEAL_SHRINK) != 0);

    private static byte* Map(int file, long from, int bytes)
    {
        var at = Libc.Mmap(0, (nuint)bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file, from);
        return at == -1 ? throw new RecordingException($"The memory shared with the program could not be mapped: {Libc.LastError()}.") : (byte*)at;
    }
}
