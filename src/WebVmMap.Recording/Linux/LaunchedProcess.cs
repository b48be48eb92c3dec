using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux;

/// <summary>
/// A process that this program started, and may end. It is started and waited for without .NET's own way, which takes a child that stands still for a tracer
/// for one that has ended: so it can be attached to by this program later on. Thread-safe.
/// </summary>
internal sealed class LaunchedProcess
{
    private const int SIGTERM = 15;
    private const int SIGKILL = 9;

    // https://man7.org/linux/man-pages/man2/waitid.2.html
    private const int P_PID = 1;
    private const int WEXITED = 4;
    private const int WNOWAIT = 0x0100_0000;
    private const int CodeAt = 8;
    private const int InfoBytes = 128;
    private const int LastExitCode = 3;
    private const int EINTR = 4;

    private const int StackBytes = 256 << 10;

    // A process that is killed ends when the kernel gets to it; one that waits in the kernel may take longer.
    private static readonly TimeSpan s_afterKill = TimeSpan.FromSeconds(5);

    // While a tracer holds it, the kernel has something to tell of it all the time.
    private static readonly TimeSpan s_untilLetGo = TimeSpan.FromMilliseconds(5);

    private static readonly ConcurrentDictionary<int, LaunchedProcess> s_running = new();

    // Once it was waited for, its id may be another process's.
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasExited;

    private LaunchedProcess(int pid)
    {
        Pid = pid;
        s_running[pid] = this;
        new Thread(Await, StackBytes) { IsBackground = true, Name = "launched" }.Start();
    }

    public int Pid { get; }

    public bool HasExited => Volatile.Read(ref _hasExited);

    /// <summary>Whether a process is one of these, and runs.</summary>
    public static bool IsRunning(int pid) => s_running.ContainsKey(pid);

    /// <summary>Starts one.</summary>
    /// <param name="request">What to start, where, and where its output goes.</param>
    /// <param name="environment">All of its environment.</param>
    /// <param name="changesDirectory">Whether the C library sees to the directory; null for when it can.</param>
    /// <exception cref="RecordingException">The system does not start it; the message says why.</exception>
    public static LaunchedProcess Start(LaunchRequest request, IEnumerable<KeyValuePair<string, string?>> environment, bool? changesDirectory = null) =>
        new(Spawn.Start(request, environment, changesDirectory ?? Spawn.CanChangeDirectory));

    /// <summary>Asks it to end, and makes it when it has not ended in time. Returns when it has, or when even that did not help.</summary>
    public void End(TimeSpan patience)
    {
        Signal(SIGTERM);
        if (!_ended.Task.Wait(patience))
        {
            Signal(SIGKILL);
            _ended.Task.Wait(s_afterKill);
        }
    }

    private void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_hasExited)
            {
                _ = Libc.Kill(Pid, signal);
            }
        }
    }

    // Also when nobody records it any more: nobody else takes leave of it.
    private unsafe void Await()
    {
        var info = stackalloc byte[InfoBytes];
        while (true)
        {
            if (Libc.WaitId(P_PID, Pid, info, WEXITED | WNOWAIT) == 0 ? *(int*)(info + CodeAt) is > 0 and <= LastExitCode : Marshal.GetLastPInvokeError() != EINTR)
            {
                break;
            }
            Thread.Sleep(s_untilLetGo);
        }
        lock (_gate)
        {
            _ = Libc.WaitId(P_PID, Pid, info, WEXITED);
            Volatile.Write(ref _hasExited, true);
        }
        s_running.TryRemove(Pid, out _);
        _ended.SetResult();
    }
}
