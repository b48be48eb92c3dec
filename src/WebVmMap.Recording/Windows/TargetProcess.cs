using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;

namespace WebVmMap.Recording.Windows;

/// <summary>
/// Another process, opened to be recorded: what is read, written and run in it. Thread-safe. Everything fails with a clear
/// <see cref="RecordingException"/> when the process is gone or refuses.
/// </summary>
internal sealed unsafe class TargetProcess : IDisposable
{
    /// <summary>So long a call into it may take; one that waits for the loader's lock may never end.</summary>
    private const uint CallMilliseconds = 15_000;

    private const int MaxModules = 16_384;

    private TargetProcess(SafeProcessHandle handle, int pid) => (Handle, Pid) = (handle, pid);

    /// <summary>The handle.</summary>
    public SafeProcessHandle Handle { get; }

    /// <summary>Its id.</summary>
    public int Pid { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => Kernel32.WaitForSingleObject(Handle, 0) == Kernel32.WAIT_OBJECT_0;

    /// <summary>When it was started, as a <see cref="ProcessKey"/> has it; 0 when the system does not tell.</summary>
    public long StartStamp() => Kernel32.GetProcessTimes(Handle, out var created, out _, out _, out _) ? created : 0;

    /// <summary>Who started it, which may have ended since; 0 when the system does not tell.</summary>
    public int ParentPid() =>
        Kernel32.NtQueryInformationProcess(Handle, 0, out var basic, (uint)sizeof(Kernel32.BasicInformation), 0) >= 0 ? (int)basic.ParentId : 0;

    /// <summary>Path of its program; empty when the system does not tell.</summary>
    public string Program()
    {
        const int Length = 4096;
        var name = stackalloc char[Length];
        uint length = Length;
        return Kernel32.QueryFullProcessImageNameW(Handle, 0, name, ref length) ? new string(name, 0, (int)Math.Min(length, Length)) : "";
    }

    /// <summary>Opens a process that runs.</summary>
    /// <param name="key">Which; a stamp of 0 takes whichever process has the id.</param>
    /// <exception cref="RecordingException">There is none, it may not be opened, or it is not a 64-bit one.</exception>
    public static TargetProcess Open(ProcessKey key)
    {
        var pid = key.Pid;
        var handle = Kernel32.OpenProcess(Kernel32.PROCESS_ALL_NEEDED, false, (uint)pid);
        if (!handle.IsInvalid && key.StartStamp != 0 && Kernel32.GetProcessTimes(handle, out var created, out _, out _, out _) && created != key.StartStamp)
        {
            handle.Dispose();
            throw new RecordingException($"The process {pid} has ended; another one has its id now.");
        }
        if (!handle.IsInvalid)
        {
            return Of(handle, pid);
        }
        var error = Marshal.GetLastPInvokeError();
        throw new RecordingException(error switch
        {
            Kernel32.ERROR_INVALID_PARAMETER => $"There is no process with the id {pid}.",
            Kernel32.ERROR_ACCESS_DENIED => $"The process {pid} may not be opened: it is another user's, and the agent is not an administrator or a service, or Windows protects it from everyone.",
            _ => $"The process {pid} cannot be opened: {Kernel32.LastError()}.",
        });
    }

    /// <summary>Takes over the handle of a process.</summary>
    /// <exception cref="RecordingException">It is not a 64-bit one; the handle is closed.</exception>
    public static TargetProcess Of(SafeProcessHandle handle, int pid)
    {
        if (!Kernel32.IsWow64Process2(handle, out var process, out var native) || (process == Kernel32.IMAGE_FILE_MACHINE_UNKNOWN && native == Kernel32.IMAGE_FILE_MACHINE_AMD64))
        {
            return new TargetProcess(handle, pid);
        }
        handle.Dispose();
        throw new RecordingException(native == Kernel32.IMAGE_FILE_MACHINE_AMD64
            ? $"The process {pid} is a 32-bit program: only 64-bit ones can be recorded."
            : $"This machine's processor is not one that programs can be recorded on: only x64 is.");
    }

    /// <summary>Reads exactly so many bytes.</summary>
    public void Read(ulong at, Span<byte> to)
    {
        fixed (byte* bytes = to)
        {
            if (!Kernel32.ReadProcessMemory(Handle, at, bytes, (nuint)to.Length, out var read) || read != (nuint)to.Length)
            {
                throw Failed($"reading its memory at 0x{at:x}");
            }
        }
    }

    /// <summary>Reads a value.</summary>
    public T Read<T>(ulong at)
        where T : unmanaged
    {
        T value = default;
        Read(at, MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <summary>Writes bytes; into code too.</summary>
    public void Write(ulong at, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* from = bytes)
        {
            if (!Kernel32.WriteProcessMemory(Handle, at, from, (nuint)bytes.Length, out var written) || written != (nuint)bytes.Length)
            {
                throw Failed($"writing its memory at 0x{at:x}");
            }
        }
    }

    /// <summary>Writes a value.</summary>
    public void Write<T>(ulong at, T value)
        where T : unmanaged => Write(at, MemoryMarshal.AsBytes(new Span<T>(ref value)));

    /// <summary>Runs a function of one argument on a new thread of the process and waits for it.</summary>
    /// <param name="function">Its address there.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="doing">What this is for, as "loading the tracer".</param>
    /// <returns>The low half of what it returned.</returns>
    public uint Call(ulong function, ulong argument, string doing)
    {
        var thread = Kernel32.CreateRemoteThread(Handle, 0, 0, function, argument, 0, out _);
        if (thread == 0)
        {
            throw Failed(doing);
        }
        try
        {
            if (Kernel32.WaitForSingleObject(thread, CallMilliseconds) != Kernel32.WAIT_OBJECT_0)
            {
                throw new RecordingException(
                    $"The process {Pid} did not answer within {CallMilliseconds / 1000} s ({doing}): one of its threads may hold the lock of the loader, as within a DllMain that waits. Nothing of it was changed.");
            }
            return Kernel32.GetExitCodeThread(thread, out var result) ? result : throw Failed(doing);
        }
        finally
        {
            _ = Kernel32.CloseHandle(thread);
        }
    }

    /// <summary>Memory of its own, near an address when asked.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="protection">PAGE_*.</param>
    /// <param name="near">Within 1 GiB of it; 0 for anywhere.</param>
    public ulong Allocate(uint bytes, uint protection, ulong near = 0)
    {
        var found = near == 0 ? Kernel32.VirtualAllocEx(Handle, 0, bytes, Kernel32.MEM_RESERVE | Kernel32.MEM_COMMIT, protection) : AllocateNear(bytes, protection, near);
        return found != 0 ? found : throw Failed("allocating memory in it");
    }

    /// <summary>Gives it back.</summary>
    public void Free(ulong at) => _ = Kernel32.VirtualFreeEx(Handle, at, 0, Kernel32.MEM_RELEASE);

    /// <summary>Where a module begins, by its file's name; 0 when it has none so called.</summary>
    public ulong Module(string fileName)
    {
        var modules = new ulong[MaxModules];
        uint needed;
        fixed (ulong* to = modules)
        {
            if (!Kernel32.K32EnumProcessModulesEx(Handle, to, MaxModules * sizeof(ulong), out needed, Kernel32.LIST_MODULES_ALL))
            {
                throw Failed("listing its modules");
            }
        }
        const int Length = 4096;
        var name = stackalloc char[Length];
        foreach (var module in modules.AsSpan(0, Math.Min(MaxModules, (int)(needed / sizeof(ulong)))))
        {
            var path = new ReadOnlySpan<char>(name, (int)Kernel32.K32GetModuleFileNameExW(Handle, module, name, Length));
            if (path[(path.LastIndexOf('\\') + 1)..].Equals(fileName, StringComparison.OrdinalIgnoreCase))
            {
                return module;
            }
        }
        return 0;
    }

    /// <summary>Loads a library into it, unless it is there already.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>Where it begins.</returns>
    public ulong Load(string path)
    {
        // Processes have kernel32 where this one has it: its address is chosen when the machine starts.
        var load = NativeLibrary.GetExport(NativeLibrary.Load("kernel32"), "LoadLibraryW");
        var bytes = Encoding.Unicode.GetBytes(path + '\0');
        var text = Allocate((uint)bytes.Length, Kernel32.PAGE_READWRITE);
        try
        {
            Write(text, bytes);
            _ = Call((ulong)load, text, "loading the tracer");
        }
        finally
        {
            Free(text);
        }
        var module = Module(Path.GetFileName(path));
        return module != 0
            ? module
            : throw new RecordingException($"The process {Pid} refused to load the tracer {path}: it may not be readable for its user, or a policy allows only signed libraries.");
    }

    /// <summary>Stops all threads, calls a function, and lets them go on, whatever happens.</summary>
    public T WhileSuspended<T>(Func<T> action)
    {
        if (Kernel32.NtSuspendProcess(Handle) < 0)
        {
            throw Failed("suspending it");
        }
        try
        {
            return action();
        }
        finally
        {
            _ = Kernel32.NtResumeProcess(Handle);
        }
    }

    /// <summary>Where each thread is; while suspended.</summary>
    public List<ulong> InstructionPointers()
    {
        var pointers = new List<ulong>();
        var snapshot = Kernel32.CreateToolhelp32Snapshot(Kernel32.TH32CS_SNAPTHREAD, 0);
        if (snapshot == -1)
        {
            throw Failed("listing its threads");
        }
        // CONTEXT of x64 is aligned to 16 bytes.
        const int ContextBytes = 1232;
        var context = (byte*)NativeMemory.AlignedAlloc(ContextBytes, 16);
        try
        {
            var entry = new Kernel32.ThreadEntry { Size = (uint)sizeof(Kernel32.ThreadEntry) };
            for (var more = Kernel32.Thread32First(snapshot, ref entry); more; more = Kernel32.Thread32Next(snapshot, ref entry))
            {
                if (entry.ProcessId == Pid && InstructionPointer(entry.ThreadId, context) is { } pointer)
                {
                    pointers.Add(pointer);
                }
            }
        }
        finally
        {
            NativeMemory.AlignedFree(context);
            _ = Kernel32.CloseHandle(snapshot);
        }
        return pointers;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private RecordingException Failed(string doing)
    {
        var error = Kernel32.LastError();
        return new RecordingException(HasExited ? $"The process {Pid} ended meanwhile." : $"The process {Pid} cannot be recorded: {doing} failed: {error}.");
    }

    private static ulong? InstructionPointer(uint threadId, byte* context)
    {
        const uint ContextControl = 0x100001;
        const int FlagsAt = 0x30;
        const int RipAt = 0xf8;
        var thread = Kernel32.OpenThread(Kernel32.THREAD_GET_CONTEXT, false, threadId);
        if (thread == 0)
        {
            return null;
        }
        *(uint*)(context + FlagsAt) = ContextControl;
        var known = Kernel32.GetThreadContext(thread, context);
        _ = Kernel32.CloseHandle(thread);
        return known ? *(ulong*)(context + RipAt) : null;
    }

    private ulong AllocateNear(uint bytes, uint protection, ulong near)
    {
        const ulong Granule = 0x10000;
        const ulong Reach = 1UL << 30;
        // Free places, first below and then above.
        foreach (var (from, to) in new[] { (near > Reach ? near - Reach : Granule, near), (near, near + Reach) })
        {
            for (var at = from; at < to && Kernel32.VirtualQueryEx(Handle, at, out var memory, (nuint)sizeof(Kernel32.MemoryInformation)) != 0 && memory.RegionSize != 0; at = memory.BaseAddress + memory.RegionSize)
            {
                var start = (Math.Max(memory.BaseAddress, from) + Granule - 1) & ~(Granule - 1);
                if (memory.State == Kernel32.MEM_FREE && start + bytes <= Math.Min(memory.BaseAddress + memory.RegionSize, to)
                    && Kernel32.VirtualAllocEx(Handle, start, bytes, Kernel32.MEM_RESERVE | Kernel32.MEM_COMMIT, protection) is not 0 and var found)
                {
                    return found;
                }
            }
        }
        return 0;
    }
}
