using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Attach;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>Counts on a thread of its own what a process has in its heap, which runs on meanwhile. Thread-safe.</summary>
internal sealed class HeapCounter : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="count">Counts, until nobody wants it any more; what the process allocates is told from now on.</param>
    /// <param name="counted">Given what was found; also when that is nothing.</param>
    public HeapCounter(Func<CancellationToken, HeapCount> count, Action<HeapCount> counted)
    {
        _thread = new Thread(() => counted(Guarded(count) with { CpuMs = OwnThread.CpuMs() })) { IsBackground = true, Name = "heap" };
        _thread.Start();
    }

    /// <summary>Counts what a process has.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="memory">Its memory, as long as it runs the program that it runs now.</param>
    /// <param name="cancellation">Set when nobody wants it any more.</param>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static HeapCount Count(int pid, TargetMemory memory, CancellationToken cancellation)
    {
        var mappings = TargetMapping.ReadAll(pid);
        if (AllocatorOf.Process(mappings, memory) is var allocator and not HeapBefore.UnderWay)
        {
            return new HeapCount(allocator, [], 0);
        }
        using var pages = new PagePresence(pid);
        var libc = mappings.Where(mapping => mapping.IsData && TargetProcess.IsLibc(mapping.Name)).ToList();
        var count = new HeapWalk(new HeapMemory(pid, memory), mappings, pages.Next, s_patience, cancellation).Walk(libc);
        return libc.Count > 0 && memory.IsGone(libc[0].Start) ? new HeapCount(HeapBefore.Ended, [], 0) : count;
    }

    /// <summary>Nobody wants it any more. Returns at once; what is found from now on is not told.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _stopping.Cancel();
            }
        }
    }

    /// <summary>Ends it, whether it is done or not.</summary>
    public void Dispose()
    {
        Cancel();
        _thread.Join();
        lock (_gate)
        {
            _isOver = true;
            _stopping.Dispose();
        }
    }

    // The edge of it: whatever the process does meanwhile, the recording goes on.
    private HeapCount Guarded(Func<CancellationToken, HeapCount> count)
    {
        try
        {
            var counted = count(_stopping.Token);
            _stopping.Token.ThrowIfCancellationRequested();
            return counted;
        }
        catch (OperationCanceledException)
        {
            return new HeapCount(HeapBefore.Ended, [], 0);
        }
        catch (Exception)
        {
            // It has ended, or does not let itself be read.
            return new HeapCount(HeapBefore.Unreadable, [], 0);
        }
    }
}
