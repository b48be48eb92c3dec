using System.Buffers.Binary;
using WebVmMap.Core.Processes;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>A process that a tracer is to be put into: whether that can be, and where in it lies what it takes. Nothing of it is stopped for that. Used by one thread at a time.</summary>
internal sealed class TargetProcess : IDisposable
{
    private const string Remedy = "run the agent as root, or give it CAP_SYS_PTRACE (systemd: AmbientCapabilities=CAP_SYS_PTRACE; a file: setcap cap_sys_ptrace+ep)";
    private const string Malloc = "malloc";
    private static readonly byte[] s_signalReturn = [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05];
    private static readonly string[] s_allocatorNames = ["malloc", "hoard", "scudo"];

    private TargetProcess(ProcessKey key, TargetMemory memory)
    {
        Key = key;
        Memory = memory;
    }

    /// <summary>Which.</summary>
    public ProcessKey Key { get; }

    /// <summary>Its memory.</summary>
    public TargetMemory Memory { get; }

    /// <summary>Its <c>dlopen</c>.</summary>
    public ulong Open { get; private set; }

    /// <summary>What says how a library is to be opened, now and with symbols of its own.</summary>
    public ulong OpenMode { get; private set; }

    /// <summary>Its <c>dlerror</c>; 0 when there is none.</summary>
    public ulong Error { get; private set; }

    /// <summary>Its <c>mmap</c> and <c>munmap</c>.</summary>
    public (ulong Map, ulong Unmap) Pages { get; private set; }

    /// <summary>Its <c>memfd_create</c> and <c>close</c>; 0 where there is none.</summary>
    public (ulong Create, ulong Close) Files { get; private set; }

    /// <summary>Where <see cref="ReturnFrame.Code"/> lies, or can be put: behind a library's own code.</summary>
    public ulong ReturnCode { get; private set; }

    /// <summary>Where its threads may be made to call.</summary>
    public SafePoint SafePoint { get; private set; } = null!;

    /// <summary>Opens one.</summary>
    /// <exception cref="RecordingException">It cannot take a tracer; the message says why.</exception>
    public static TargetProcess OpenProcess(ProcessKey wanted)
    {
        var pid = wanted.Pid;
        var status = ProcessStatus.TryRead($"/proc/{pid}") ?? throw new RecordingException($"There is no process with the id {pid}.");
        var stamp = ProcessStatus.StartStamp(pid);
        if (wanted.StartStamp != 0 && stamp != wanted.StartStamp)
        {
            throw new RecordingException($"Process {pid} has ended, and its id belongs to another process now: choose it anew from the list.");
        }
        if (status.Process != pid)
        {
            throw new RecordingException($"{pid} is a thread of process {status.Process}: record that process.");
        }
        if (Problem(pid, status) is { } problem)
        {
            throw new RecordingException(problem);
        }
        TargetMemory memory;
        try
        {
            CheckArchitecture(pid);
            memory = new TargetMemory(pid);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new RecordingException(Denied(pid, status), exception);
        }
        var target = new TargetProcess(new ProcessKey(pid, stamp), memory);
        try
        {
            target.Locate();
            return target;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            target.Dispose();
            throw new RecordingException(Denied(pid, status), exception);
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Why the system does not let this program trace the process, and what to do about it.</summary>
    public static string Denied(int pid, ProcessStatus? status) => Denied(pid, status, Yama());

    /// <inheritdoc cref="Denied(int, ProcessStatus?)"/>
    /// <param name="pid">The process.</param>
    /// <param name="status">What is known of it; null when it has ended.</param>
    /// <param name="scope">What Yama permits: https://docs.kernel.org/admin-guide/LSM/Yama.html; 0 where there is no Yama.</param>
    internal static string Denied(int pid, ProcessStatus? status, int scope)
    {
        if (status is null)
        {
            return $"Process {pid} has ended.";
        }
        return status switch
        {
            // A thread traces; its process is what can be ended.
            { Tracer: not 0 } => $"Process {pid} is being traced by process {ProcessStatus.TryRead($"/proc/{status.Tracer}")?.Process ?? status.Tracer} already, and the system permits one tracer at a time: end that one first.",
            _ when scope == 3 => $"This system lets no process be traced (kernel.yama.ptrace_scope is 3): set it lower and start the system anew.",
            _ when scope > 0 && status.User == Libc.GetEUid() =>
                $"Process {pid} may not be traced by the agent, for kernel.yama.ptrace_scope is {scope}: {Remedy}, or set it to 0.",
            _ => $"Process {pid} may not be traced by the agent: {Remedy}.",
        };
    }

    /// <summary>Where a tracer lies that was put into it earlier, of the version that this program knows; null when there is none.</summary>
    public TargetLibrary? FindTracer()
    {
        foreach (var mapping in TargetMapping.Read(Key.Pid))
        {
            if (mapping.Offset == 0 && mapping.Name.Contains(Injector.TracerMark, StringComparison.Ordinal)
                && TargetLibrary.Open(Memory, mapping.Start) is { } library && library.Find("webvmmap_tracer_version") is > 0 and var version
                && (uint)Memory.ReadWord(version) == Ring.RingLayout.Version)
            {
                return library;
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();

    private static string? Problem(int pid, ProcessStatus status) => status switch
    {
        { State: 'Z' or 'X' } => $"Process {pid} has ended.",
        { HasMemory: false } => $"Process {pid} is a kernel thread: it allocates nothing that could be recorded.",
        // .NET waits for all that it has started, and takes one that stands still for one that has ended.
        _ when status.Parent == Environment.ProcessId && !LaunchedProcess.IsRunning(pid) => $"Process {pid} was started by this agent: launch it under recording again rather than attach to it.",
        { State: 'T' } => $"Process {pid} is stopped: let it go on (kill -CONT {pid}), then record it.",
        { Tracer: not 0 } => Denied(pid, status),
        { Seccomp: 1 } => $"Process {pid} may make no system calls but read and write (seccomp), so it cannot load the tracer.",
        _ => null,
    };

    private static void CheckArchitecture(int pid)
    {
        Span<byte> header = stackalloc byte[20];
        using var file = File.OpenHandle($"/proc/{pid}/exe");
        if (RandomAccess.Read(file, header, 0) < 20 || header[4] != 2 || BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) != 62)
        {
            throw new RecordingException($"Process {pid} is of another architecture: the tracer is for 64-bit programs of x86-64.");
        }
    }

    private static int Yama()
    {
        try
        {
            return int.Parse(File.ReadAllText("/proc/sys/kernel/yama/ptrace_scope"), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // A kernel without it.
            return 0;
        }
    }

    /// <summary>Whether a file's name is that of glibc's C library.</summary>
    public static bool IsLibc(string name) => name == "libc.so.6" || (name.StartsWith("libc-2.", StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal));

    /// <summary>Whether a file's name is that of its loader.</summary>
    public static bool IsLoader(string name) => name.StartsWith("ld-linux", StringComparison.Ordinal) || (name.StartsWith("ld-2.", StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal));

    // Only what is mapped under its own name counts, and only once: a program may map its libc to read it, too.
    private void Locate()
    {
        var mappings = TargetMapping.Read(Key.Pid);
        var libc = mappings.Find(mapping => mapping.Executable && IsLibc(mapping.Name));
        if (libc.Path is null)
        {
            throw new RecordingException(mappings.Exists(mapping => mapping.Path.Contains("musl", StringComparison.Ordinal))
                ? $"Process {Key.Pid} runs with musl, and the tracer with the GNU C library only: record it where it is built for that."
                : $"Process {Key.Pid} is linked statically or with another C library than GNU's, so there is nothing in it that could load the tracer.");
        }
        var library = TargetLibrary.Open(Memory, StartOf(mappings, libc)) ?? throw Unreadable(libc.Path);
        Pages = (library.Find("mmap"), library.Find("munmap"));
        Files = (library.Find("memfd_create"), library.Find("close"));
        (Open, OpenMode, Error) = (library.Find("dlopen"), 2, library.Find("dlerror"));
        if (Open == 0)
        {
            // Before glibc 2.34 it was in a library of its own; this is what that one calls.
            (Open, OpenMode, Error) = (library.Find("__libc_dlopen_mode"), 0x80000002, 0);
        }
        if (Open == 0 || Pages.Map == 0 || Pages.Unmap == 0)
        {
            throw Unreadable(libc.Path);
        }
        ReturnCode = mappings.Where(mapping => mapping.Executable).Select(mapping => RoomBehind(mappings, mapping)).FirstOrDefault(at => at != 0);
        if (ReturnCode == 0)
        {
            throw Unreadable(libc.Path);
        }
        var executable = mappings.Find(mapping => mapping.Offset == 0);
        var ownAllocator = TargetLibrary.Open(Memory, executable.Start)?.Find(Malloc) is > 0;
        bool IsAllocator(TargetMapping mapping) => Array.Exists(s_allocatorNames, name => mapping.Name.Contains(name, StringComparison.Ordinal))
            || (ownAllocator && mapping.Path == executable.Path) || mapping.Name.Contains(Injector.TracerMark, StringComparison.Ordinal);
        (ulong, ulong, string) Range(TargetMapping mapping) => (mapping.Start, mapping.End, mapping.Name);
        SafePoint = new SafePoint(
            mappings.Where(mapping => mapping.Executable && (IsLibc(mapping.Name) || IsLoader(mapping.Name) || IsAllocator(mapping))).Select(Range),
            mappings.Where(mapping => mapping.Executable && IsAllocator(mapping)).Select(Range),
            SignalReturn(libc));
    }

    // Of the file that a part of it is mapped from.
    private static ulong StartOf(List<TargetMapping> mappings, TargetMapping part) =>
        mappings.FindLast(mapping => mapping.Offset == 0 && mapping.Path == part.Path && mapping.Start <= part.Start).Start;

    // 0 where there is too little, or something else than zeros and what an earlier attach has left.
    private ulong RoomBehind(List<TargetMapping> mappings, TargetMapping code)
    {
        if (!code.Name.Contains(".so", StringComparison.Ordinal))
        {
            return 0;
        }
        var start = StartOf(mappings, code);
        var at = start != 0 && TargetLibrary.Open(Memory, start) is { } library ? (library.CodeEnd + 15) & ~15UL : 0;
        Span<byte> there = stackalloc byte[ReturnFrame.Code.Length];
        return at >= code.Start && at + (ulong)there.Length <= code.End && Memory.Read(at, there) == there.Length
            && (there.SequenceEqual(ReturnFrame.Code) || !there.ContainsAnyExcept((byte)0)) ? at : 0;
    }

    // Where __restore_rt is, which libc does not export: mov $15, %rax; syscall.
    private ulong SignalReturn(in TargetMapping libc)
    {
        var code = new byte[Math.Min(libc.End - libc.Start, 16 << 20)];
        var read = Memory.Read(libc.Start, code);
        var at = code.AsSpan(0, read).IndexOf(s_signalReturn);
        return at < 0 ? 0 : libc.Start + (ulong)at;
    }

    private RecordingException Unreadable(string libc) => new($"The C library of process {Key.Pid}, {libc}, is none that the tracer can be loaded with.");
}
