using System.Collections.Concurrent;
using WebVmMap.Core.Processes;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Windows.Children;

/// <summary>
/// Follows the processes that a launched one and its descendants start: each asks for them before it lets them run, and they get the tracer then. On
/// threads of its own, until none of them runs any more. Thread-safe.
/// </summary>
internal sealed class FollowedProcesses : ProcessFollower
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    private readonly RecorderOptions _options;
    private readonly Func<TargetProcess, Func<bool>, WindowsRecording> _begin;
    private readonly List<FollowedProcess> _followed = [];
    private readonly ConcurrentQueue<FollowedProcess> _begun = [];
    private int _beingStarted;
    private int _undisposed;
    private int _atOnce;
    private int _inAll;

    /// <summary>Prepares it.</summary>
    /// <param name="options">How many are followed.</param>
    /// <param name="begin">Puts the tracer into a process, which it takes over, and begins its recording; whether it has not run until then is asked when that is done.</param>
    public FollowedProcesses(RecorderOptions options, Func<TargetProcess, Func<bool>, WindowsRecording> begin) => (_options, _begin) = (options, begin);

    /// <summary>Begins to look for them.</summary>
    /// <param name="pid">The process that was launched and does not run yet.</param>
    /// <param name="requests">Where it asks; this one's from here on.</param>
    public void Begin(int pid, RequestTable requests)
    {
        _followed.Add(new FollowedProcess(pid, requests, null));
        Begin(Run);
    }

    private void Run()
    {
        while (!IsStopping)
        {
            // In this order: what is being started comes among those that run before it is not being started any more.
            var starting = Volatile.Read(ref _beingStarted);
            Look();
            if (_followed.Count == 0 && starting == 0)
            {
                break;
            }
            Thread.Sleep(s_pause);
        }
        End();
    }

    private void End()
    {
        // Whoever waits sees it, and lets what it has started run.
        _followed.ForEach(process => process.Requests.Say(RingLayout.FollowNone));
        SpinWait.SpinUntil(() => Volatile.Read(ref _beingStarted) == 0);
        TakeBegun();
        foreach (var process in _followed)
        {
            process.Requests.Say(RingLayout.FollowNone);
            _ = process.Recording?.StopAsync();
            process.Dispose();
        }
        Complete();
    }

    private void TakeBegun()
    {
        while (_begun.TryDequeue(out var process))
        {
            _followed.Add(process);
        }
    }

    /// <summary>Sees who asks, and who has ended.</summary>
    private void Look()
    {
        TakeBegun();
        for (var i = _followed.Count - 1; i >= 0; i--)
        {
            var process = _followed[i];
            // Asked first: what it asked until it ended stands there.
            var isOver = process.HasExited && process.BeingStarted == 0;
            for (var place = 0; place < RingLayout.Requests; place++)
            {
                if (process.Requests.Take(place) is > 0 and var pid)
                {
                    isOver = false;
                    Start(process, place, pid);
                }
            }
            if (isOver)
            {
                process.Dispose();
                _followed.RemoveAt(i);
                Interlocked.Add(ref _atOnce, process.Recording is null ? 0 : -1);
            }
        }
        var follow = HasRoom() ? RingLayout.FollowSpares : RingLayout.FollowFull;
        _followed.ForEach(process => process.Requests.Say(follow));
    }

    private bool HasRoom() =>
        Volatile.Read(ref _atOnce) < _options.ChildrenAtOnce && _inAll < _options.ChildrenInAll && Volatile.Read(ref _undisposed) < 4 * _options.ChildrenAtOnce;

    private void Start(FollowedProcess parent, int place, int pid)
    {
        parent.BeginStart();
        if (!HasRoom())
        {
            Refuse(parent, place, pid, null);
            parent.EndStart();
            return;
        }
        _inAll++;
        Interlocked.Increment(ref _atOnce);
        Interlocked.Increment(ref _beingStarted);
        // It waits for what the process does: several that are started at once must not wait for each other.
        _ = Task.Factory.StartNew(() => Follow(parent, place, pid), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Follow(FollowedProcess parent, int place, int pid)
    {
        TargetProcess? process = null;
        try
        {
            process = TargetProcess.Open(new ProcessKey(pid, 0));
            // A recorded program may ask for anything: what it started itself is what it may have recorded.
            if (!parent.Requests.IsHeld(place, pid) || !parent.HasStarted(process))
            {
                throw new RecordingException($"The process {pid} is not one that {parent.Pid} waits for: it may be another one.");
            }
            if (Kernel32.CheckRemoteDebuggerPresent(process.Handle, out var isDebugged) && isDebugged)
            {
                // Each thread that is started in it would wait for its debugger, which waits for us.
                throw new RecordingException($"The process {pid} is debugged.");
            }
            var (program, started) = (process.Program(), process.StartStamp());
            var recording = _begin(process, () => parent.Requests.IsHeld(place, pid));
            var child = new ChildRecording(recording, new ProcessKey(pid, started), parent.Pid, program, () => Interlocked.Decrement(ref _undisposed));
            _begun.Enqueue(new FollowedProcess(pid, recording.Requests!, recording));
            Interlocked.Increment(ref _undisposed);
            HandOut(child);
            LetRun(parent, place, pid, process);
        }
        catch (RecordingException)
        {
            Interlocked.Decrement(ref _atOnce);
            Refuse(parent, place, pid, process);
            process?.Dispose();
        }
        finally
        {
            parent.EndStart();
            Interlocked.Decrement(ref _beingStarted);
        }
    }

    private void Refuse(FollowedProcess parent, int place, int pid, TargetProcess? process)
    {
        if (!IsStopping)
        {
            parent.Requests.CountNotFollowed();
        }
        LetRun(parent, place, pid, process);
    }

    private static void LetRun(FollowedProcess parent, int place, int pid, TargetProcess? process)
    {
        if (parent.HasExited && parent.Requests.IsHeld(place, pid))
        {
            // It was ended while it waited. What it had started would never run.
            using var opened = process is null ? Kernel32.OpenProcess(Kernel32.PROCESS_SUSPEND_RESUME, false, (uint)pid) : null;
            _ = Kernel32.NtResumeProcess(opened ?? process!.Handle);
        }
        parent.Requests.Answer(place, pid);
    }
}
