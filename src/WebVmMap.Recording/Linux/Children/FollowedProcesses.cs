using System.Diagnostics;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>
/// Follows the processes that a launched one and its descendants start: keeps memory ready that they take, and makes a recording of each that
/// took some. On a thread of its own, until none of them runs any more. Thread-safe.
/// </summary>
internal sealed class FollowedProcesses : ProcessFollower
{
    /// <summary>So many spare memories lie ready: more processes than can start until the next look.</summary>
    public const int Ahead = 32;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(2);

    // A process that was just started takes its memory within this, though its parent has ended.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(200);

    private readonly SpareTable _table;
    private readonly RecorderOptions _options;
    private readonly ForkedHeaps _heaps = new();
    private readonly int _most;
    private readonly Place[] _places = new Place[RingLayout.Spares];
    private int _undisposed;
    private int _inAll;

    /// <summary>Prepares it for a process that is to be launched.</summary>
    /// <param name="root">Its memory.</param>
    /// <param name="options">How it is recorded, and so all of them.</param>
    /// <exception cref="RecordingException">The system gives no memory.</exception>
    public FollowedProcesses(LinuxRingMemory root, RecorderOptions options)
    {
        _options = options;
        _most = Math.Clamp(options.ChildrenAtOnce, 0, RingLayout.Spares - Ahead);
        _table = new SpareTable(root);
        Fill();
    }

    /// <summary>What the launched process is told to open.</summary>
    public string Path => _table.Path;

    /// <summary>Begins to look for them.</summary>
    /// <param name="pid">The process that was launched.</param>
    public void Begin(int pid) => Begin(() => Run(pid));

    /// <summary>The process could not be started.</summary>
    public void Abandon() => End();

    private void Run(int pid)
    {
        using var root = new FollowedProcess(pid);
        var alone = 0L;
        while (true)
        {
            // Asked before the table is looked at: who came till then stands in it.
            var last = IsStopping;
            var isOver = root.HasExited;
            var running = Look();
            if (last)
            {
                break;
            }
            // To begin recordings takes longer than processes take to start: others find spares meanwhile.
            Fill();
            for (var i = 0; i < _places.Length; i++)
            {
                if (TryBegin(i))
                {
                    _ = Look();
                    Fill();
                }
            }
            alone = !isOver || running > 0 ? 0 : alone == 0 ? Stopwatch.GetTimestamp() : alone;
            if (alone != 0 && Stopwatch.GetElapsedTime(alone) >= s_grace)
            {
                break;
            }
            Thread.Sleep(s_pause);
        }
        End();
    }

    private void End()
    {
        _table.Say(RingLayout.FollowNone);
        for (var i = 0; i < _places.Length; i++)
        {
            if (_places[i] is { Memory: { } spare, Process: null } && _table.TryTakeBack(i, spare))
            {
                spare.Dispose();
                _places[i] = default;
            }
        }
        // Who was faster than that.
        Look();
        for (var i = 0; i < _places.Length; i++)
        {
            TryBegin(i);
            var place = _places[i];
            if (place.Child is { } child)
            {
                child.Stop();
            }
            else
            {
                place.Process?.Dispose();
                place.Memory?.Dispose();
            }
        }
        _table.Dispose();
        Complete();
    }

    /// <summary>Begins to record who has taken a memory and said in it who it is.</summary>
    private bool TryBegin(int number)
    {
        ref var place = ref _places[number];
        // In this order: the memory of one that is recorded is that recording's, and may be gone.
        if (place.Child is not null || place.Process is not { } process || place.Memory is not { } memory || memory.Pid == 0)
        {
            return false;
        }
        process.Know(memory.Started);
        place.Child = new ChildRecording(memory, process, _options.Interval, _heaps, () => Interlocked.Decrement(ref _undisposed));
        Interlocked.Increment(ref _undisposed);
        HandOut(place.Child);
        return true;
    }

    /// <summary>Sees who has taken a memory, and who has ended.</summary>
    /// <returns>How many run.</returns>
    private int Look()
    {
        var running = 0;
        for (var i = 0; i < _places.Length; i++)
        {
            ref var place = ref _places[i];
            if (place.Memory is null)
            {
                continue;
            }
            if (place.Process is null)
            {
                var pid = _table.TakenBy(i);
                if (pid == 0)
                {
                    continue;
                }
                place.Process = new FollowedProcess(pid);
                _inAll++;
            }
            // Asked first: who has taken it and ended has told all.
            var hasExited = place.Process.HasExited;
            if (!hasExited || (place.Child is null && place.Memory.Pid != 0))
            {
                running++;
                continue;
            }
            if (place.Child is null)
            {
                // It took it and got no further.
                place.Process.Dispose();
                place.Memory.Dispose();
            }
            _table.Clear(i);
            place = default;
        }
        return running;
    }

    /// <summary>Has as many spares lie ready as may be.</summary>
    private void Fill()
    {
        var (spares, running) = (0, 0);
        foreach (var place in _places)
        {
            spares += place is { Memory: not null, Process: null } ? 1 : 0;
            // Those that have ended meanwhile keep their places until they are seen to, and nobody else from being followed.
            running += place.Process is { HasExited: false } ? 1 : 0;
        }
        var most = Math.Min(Math.Min(_most - running, _options.ChildrenInAll - _inAll), (4 * _most) - Volatile.Read(ref _undisposed));
        var wanted = Math.Min(Ahead, most);
        for (var i = 0; i < _places.Length && spares < wanted; i++)
        {
            if (_places[i].Memory is null)
            {
                try
                {
                    _places[i].Memory = LinuxRingMemory.Create(_options);
                }
                catch (RecordingException)
                {
                    // No more open files: who finds no spare is counted.
                    wanted = 0;
                    break;
                }
                _table.Put(i, _places[i].Memory!);
                spares++;
            }
        }
        _table.Say(spares > 0 || wanted > 0 ? RingLayout.FollowSpares : RingLayout.FollowFull);
    }

    private struct Place
    {
        public LinuxRingMemory? Memory;
        public FollowedProcess? Process;
        public ChildRecording? Child;
    }
}
