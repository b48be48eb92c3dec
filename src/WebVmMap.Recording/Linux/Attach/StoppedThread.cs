using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// A thread of another process that stands still at a point where it may be made to call functions, on a stack of their own, with every
/// signal held back but the one that ends a call. When it is let go, or this program ends, it goes on as if nothing had been. Used by the
/// thread that stopped it.
/// </summary>
internal sealed unsafe class StoppedThread : IDisposable
{
    private const int EPERM = 1;
    private const int SIGTRAP = 5;
    private const int SIGSTOP = 19;
    private const int MaxSignals = 64;
    private const int MaxXState = 1 << 20;
    private const long EINTR = 4;
    private const ulong DirectionFlag = 0x400;
    private const ulong TrapFlag = 0x100;
    private const ulong RedZone = 128;
    private const ulong StackBytes = 256 << 10;
    private const ulong TextBytes = 8 << 10;

    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_longestStop = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRestore = TimeSpan.FromMinutes(1);

    private readonly TargetProcess _target;
    private readonly long _stoppedAt;
    private readonly Registers _registers;
    private readonly byte[] _vectors;
    private readonly ulong _signals;
    private ulong _pages;
    private ulong _frame;
    private bool _hurries;
    private int _held;
    private bool _called;
    private bool _released;

    private StoppedThread(TargetProcess target, int id, long stoppedAt, in Registers registers, byte[] vectors, ulong signals)
    {
        _target = target;
        Id = id;
        _stoppedAt = stoppedAt;
        _registers = registers;
        _vectors = vectors;
        _signals = signals;
    }

    /// <summary>What became of an attempt to stop one.</summary>
    public enum Outcome
    {
        /// <summary>It stands still.</summary>
        Stopped,

        /// <summary>It is at no safe point, and was let go at once.</summary>
        Unsafe,

        /// <summary>The system does not permit it.</summary>
        Denied,

        /// <summary>It has ended.</summary>
        Gone,

        /// <summary>It did not stop, for the kernel holds it; it will stop later, and is then to be let go.</summary>
        Stuck,
    }

    /// <summary>The thread.</summary>
    public int Id { get; }

    /// <summary>Where its text may be written for calls, until it is let go.</summary>
    public ulong Text => _pages;

    /// <summary>Stops a thread, if it is at a safe point then.</summary>
    /// <param name="target">Its process.</param>
    /// <param name="id">The thread.</param>
    /// <param name="stopped">The thread, when it stands still.</param>
    /// <param name="why">Why it was let go.</param>
    /// <param name="cost">How long it stood still, when it was let go.</param>
    public static Outcome TryStop(TargetProcess target, int id, out StoppedThread? stopped, out string why, out TimeSpan cost)
    {
        (stopped, why, cost) = (null, "", TimeSpan.Zero);
        if (Ptrace.Request(Ptrace.SEIZE, id, 0, 0) != 0)
        {
            return Marshal.GetLastPInvokeError() == EPERM ? Outcome.Denied : Outcome.Gone;
        }
        _ = Ptrace.Request(Ptrace.INTERRUPT, id, 0, 0);
        // One that sleeps, or waits for a processor, does not stand still for this before it has come to its stop.
        var from = 0L;
        for (var turn = 0; turn < MaxSignals; turn++)
        {
            if (Ptrace.Wait(id, s_longestStop, out from) is not { } status)
            {
                return Outcome.Stuck;
            }
            if ((status & 0xff) != 0x7f)
            {
                return Outcome.Gone;
            }
            if (status >> 16 == Ptrace.EventStop)
            {
                var signal = status >> 8 & 0xff;
                if (signal == SIGTRAP)
                {
                    break;
                }
                _ = Ptrace.Request(Ptrace.DETACH, id, 0, 0);
                why = "stopped by a signal";
                return Outcome.Unsafe;
            }
            // A signal was on its way: it gets it, and stops behind it.
            _ = Ptrace.Request(Ptrace.CONT, id, 0, status >> 8 & 0xff);
        }
        var registers = default(Registers);
        var stack = new byte[SafePoint.StackBytes];
        if (Ptrace.Request(Ptrace.GETREGS, id, 0, (nint)(&registers)) != 0)
        {
            return Outcome.Gone;
        }
        var read = target.Memory.Read(registers.Rsp, stack) & ~7;
        if (target.SafePoint.Objection(registers, stack.AsSpan(0, read)) is { } objection)
        {
            LetGo(target, id, registers, 0);
            (why, cost) = (objection, Stopwatch.GetElapsedTime(from));
            return Outcome.Unsafe;
        }
        var vectors = ReadVectors(id);
        if (vectors is null)
        {
            LetGo(target, id, registers, 0);
            why = "its registers cannot be read";
            return Outcome.Unsafe;
        }
        var signals = 0UL;
        if (Ptrace.Request(Ptrace.GETSIGMASK, id, 8, (nint)(&signals)) != 0)
        {
            LetGo(target, id, registers, 0);
            why = "its signals cannot be read";
            return Outcome.Unsafe;
        }
        stopped = new StoppedThread(target, id, from, registers, vectors, signals);
        // Nothing of the thread is changed yet: it is let go as it is when there is no room.
        if (stopped.PutReturnCode() && stopped.TryPutFrame(stopped.OwnTop))
        {
            return Outcome.Stopped;
        }
        stopped._released = true;
        stopped = null;
        LetGo(target, id, registers, 0);
        (why, cost) = ("nearly out of stack", Stopwatch.GetElapsedTime(from));
        return Outcome.Unsafe;
    }

    /// <summary>Lets go of one that was stuck, if it stands still by now.</summary>
    /// <returns>Whether it was let go, or is gone.</returns>
    public static bool TryLetGo(TargetProcess target, int id)
    {
        if (Ptrace.Wait(id, TimeSpan.Zero) is not { } status)
        {
            return false;
        }
        var registers = default(Registers);
        if ((status & 0xff) == 0x7f && Ptrace.Request(Ptrace.GETREGS, id, 0, (nint)(&registers)) == 0)
        {
            LetGo(target, id, registers, status >> 16 == Ptrace.EventStop ? 0 : status >> 8 & 0xff);
        }
        return true;
    }

    /// <summary>Gives the calls a stack of their own, so that nothing is written onto the thread's, which may be small.</summary>
    /// <exception cref="RecordingException">There is no memory.</exception>
    public void MakeStack()
    {
        const int MapPrivateAnonymous = 0x22;
        var at = (long)Call(_target.Pages.Map, 0, StackBytes, Libc.PROT_READ | Libc.PROT_WRITE, MapPrivateAnonymous, ulong.MaxValue, 0);
        if (at is < 0 and > -4096)
        {
            throw new RecordingException($"Process {_target.Key.Pid} gets no memory from the system (limits of it or of its container), so it cannot load the tracer.");
        }
        _pages = (ulong)at;
        _ = TryPutFrame(_pages + StackBytes);
    }

    /// <summary>Writes a text where the calls can read it, over the one before.</summary>
    public ulong Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\0");
        if ((ulong)bytes.Length > TextBytes)
        {
            throw new RecordingException("The tracer's path is too long: install the agent in a folder with a shorter one.");
        }
        _target.Memory.Write(_pages, bytes);
        return _pages;
    }

    /// <summary>Has the thread call a function.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="RecordingException">It did not return in time, or failed.</exception>
    public ulong Call(ulong function, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0)
    {
        BeginCall(function, a, b, c, d, e, f);
        return EndCall();
    }

    /// <summary>Has the thread begin to call a function.</summary>
    public void BeginCall(ulong function, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0)
    {
        if (!_called)
        {
            _hurries = MayHurry();
        }
        // The return address, then the frame's beginning, of which the code there uses three words.
        ReadOnlySpan<ulong> words = [_target.ReturnCode, ReturnFrame.Flags, 0, 0, ReturnFrame.NoChange, _hurries ? 1UL : 0];
        _target.Memory.Write(_frame - 8, MemoryMarshal.AsBytes(words));
        var registers = _registers;
        (registers.Rip, registers.Rsp, registers.Rax, registers.OrigRax) = (function, _frame - 8, 0, ulong.MaxValue);
        (registers.Rdi, registers.Rsi, registers.Rdx, registers.Rcx, registers.R8, registers.R9) = (a, b, c, d, e, f);
        registers.Flags &= ~(DirectionFlag | TrapFlag);
        Set(registers);
        if (!_called)
        {
            // From here on what it returns to also gives it back its signals.
            _called = true;
            var all = ~(1UL << (Ptrace.SIGSEGV - 1) | 1UL << (ReturnFrame.Signal - 1));
            _ = Ptrace.Request(Ptrace.SETSIGMASK, Id, 8, (nint)(&all));
        }
        if (_hurries)
        {
            // Among hundreds of threads it would wait for its turn in the midst of a call. What it returns to takes this back.
            Scheduling.Hurry(Id);
        }
        _ = Ptrace.Request(Ptrace.CONT, Id, 0, 0);
    }

    // Where the system would certainly let it have back what it has.
    private bool MayHurry() => Scheduling.IsUsual(Id) && ProcessStatus.TryRead($"/proc/{_target.Key.Pid}/task/{Id}") is { Seccomp: 0 };

    private ulong EndCall()
    {
        var from = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Ptrace.Wait(Id, s_longestCall - Stopwatch.GetElapsedTime(from)) is not { } status)
            {
                Interrupt();
                throw new RecordingException(
                    $"Process {_target.Key.Pid} did not load the tracer within {s_longestCall.TotalSeconds:0} seconds: something in it holds what that takes. It goes on as it was; try again.");
            }
            if ((status & 0xff) != 0x7f)
            {
                _released = true;
                throw new RecordingException($"Process {_target.Key.Pid} ended while the tracer was loaded.");
            }
            var signal = status >> 8 & 0xff;
            Get(out var registers);
            if (status >> 16 != 0)
            {
                // A stop of the whole process, which waits until the thread is let go.
                _ = Ptrace.Request(Ptrace.CONT, Id, 0, 0);
            }
            else if (signal == ReturnFrame.Signal && registers.Rip == _target.ReturnCode + ReturnFrame.AtSignal)
            {
                return _target.Memory.ReadWord(_frame + ReturnFrame.ResultAt);
            }
            else if (signal is Ptrace.SIGSEGV or Ptrace.SIGBUS or Ptrace.SIGILL or Ptrace.SIGSYS)
            {
                throw new RecordingException(signal == Ptrace.SIGSYS
                    ? $"Process {_target.Key.Pid} may not make the system calls that loading the tracer takes (seccomp): start it under recording instead. It goes on as it was."
                    : $"Loading the tracer into process {_target.Key.Pid} failed with signal {signal}. It goes on as it was.");
            }
            else
            {
                // A stop outweighs a word from outside.
                _held = signal == SIGSTOP || (signal == ReturnFrame.Signal && _held == 0) ? signal : _held;
                _ = Ptrace.Request(Ptrace.CONT, Id, 0, 0);
            }
        }
    }

    /// <summary>Lets it go on.</summary>
    /// <returns>How long it stood still.</returns>
    public TimeSpan Release()
    {
        if (!_released)
        {
            if (_pages != 0)
            {
                var pages = _pages;
                _pages = 0;
                try
                {
                    if (TryPutFrame(OwnTop))
                    {
                        Call(_target.Pages.Unmap, pages, StackBytes);
                    }
                }
                catch (RecordingException)
                {
                    // Then they stay, a quarter of a MiB that nobody touches.
                }
            }
            if (!_released)
            {
                Restore();
            }
        }
        return Stopwatch.GetElapsedTime(_stoppedAt);
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    // The kernel says how large the state is by using less than it is offered: 11 KiB with AMX, and the next processor may have more.
    private static byte[]? ReadVectors(int id)
    {
        for (var room = 16 << 10; room <= MaxXState; room *= 2)
        {
            var state = new byte[room];
            fixed (byte* at = state)
            {
                var buffer = new Ptrace.Buffer { At = at, Bytes = (nuint)room };
                if (Ptrace.Request(Ptrace.GETREGSET, id, Ptrace.XState, (nint)(&buffer)) != 0)
                {
                    return null;
                }
                if (buffer.Bytes < (nuint)room)
                {
                    return state[..(int)buffer.Bytes];
                }
            }
        }
        return null;
    }

    // Into the registers that it had. A system call that the kernel gives up when it is interrupted is made again, unless a signal is due, for which that is right.
    private static void LetGo(TargetProcess target, int id, Registers registers, int signal)
    {
        if ((long)registers.OrigRax >= 0 && (long)registers.Rax == -EINTR && SystemCalls.MayBeMadeAgain((long)registers.OrigRax)
            && ProcessStatus.TryRead($"/proc/{target.Key.Pid}/task/{id}") is { Due: 0 })
        {
            registers.Rax = registers.OrigRax;
            registers.OrigRax = ulong.MaxValue;
            registers.Rip -= 2;
        }
        _ = Ptrace.Request(Ptrace.SETREGS, id, 0, (nint)(&registers));
        _ = Ptrace.Request(Ptrace.DETACH, id, 0, signal);
    }

    // Below what the thread's function may use without saying so.
    private ulong OwnTop => _registers.Rsp - RedZone;

    private bool PutReturnCode()
    {
        var code = ReturnFrame.Code;
        Span<byte> there = stackalloc byte[code.Length];
        if (_target.Memory.Read(_target.ReturnCode, there) == there.Length && there.SequenceEqual(code))
        {
            return true;
        }
        var words = MemoryMarshal.Cast<byte, ulong>(code);
        for (var i = 0; i < words.Length; i++)
        {
            // Not as the rest of the memory is written: where the system lets nobody else write over code, it lets who traces it.
            if (Ptrace.Request(Ptrace.POKETEXT, Id, (nint)_target.ReturnCode + (i * 8), (nint)words[i]) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private bool TryPutFrame(ulong top)
    {
        var frame = ReturnFrame.Make(top, Resumed(_registers), _vectors, _signals, out _frame);
        try
        {
            _target.Memory.Write(_frame, frame);
            return true;
        }
        catch (RecordingException)
        {
            return false;
        }
    }

    // A system call that was interrupted is made again: what the kernel does of itself when a thread is let go with the registers that it had.
    private static Registers Resumed(Registers registers)
    {
        if ((long)registers.OrigRax >= 0
            && ((long)registers.Rax is -512 or -513 or -514 or -516 || ((long)registers.Rax == -EINTR && SystemCalls.MayBeMadeAgain((long)registers.OrigRax))))
        {
            registers.Rax = registers.OrigRax;
            registers.Rip -= 2;
        }
        return registers;
    }

    private void Interrupt()
    {
        _ = Ptrace.Request(Ptrace.INTERRUPT, Id, 0, 0);
        if (Ptrace.Wait(Id, s_longestRestore) is not { } status || (status & 0xff) != 0x7f)
        {
            _released = true;
        }
        else if (_target.Memory.ReadWord(_frame + ReturnFrame.ReturnedAt) == 1 && Ptrace.Request(Ptrace.DETACH, Id, 0, 0) == 0)
        {
            // It came back unseen, and went on by itself.
            _released = true;
        }
        // Whatever it had begun stays so: no further calls.
        _pages = 0;
    }

    private void Restore()
    {
        _released = true;
        fixed (byte* at = _vectors)
        {
            var buffer = new Ptrace.Buffer { At = at, Bytes = (nuint)_vectors.Length };
            _ = Ptrace.Request(Ptrace.SETREGSET, Id, Ptrace.XState, (nint)(&buffer));
        }
        var signals = _signals;
        _ = Ptrace.Request(Ptrace.SETSIGMASK, Id, 8, (nint)(&signals));
        if (_hurries)
        {
            Scheduling.Calm(Id);
        }
        LetGo(_target, Id, _registers, _held);
    }

    private void Set(Registers registers)
    {
        if (Ptrace.Request(Ptrace.SETREGS, Id, 0, (nint)(&registers)) != 0)
        {
            throw new RecordingException($"The registers of thread {Id} cannot be set: {Libc.LastError()}.");
        }
    }

    private void Get(out Registers registers)
    {
        fixed (Registers* at = &registers)
        {
            _ = Ptrace.Request(Ptrace.GETREGS, Id, 0, (nint)at);
        }
    }
}
