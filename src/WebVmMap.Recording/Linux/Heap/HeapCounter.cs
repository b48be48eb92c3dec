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
    private readonly Thread _thread;

    /// <summary>Begins.</summary>
    /// <param name="target">The process; its allocations are told from now on.</param>
    /// <param name="counted">Given what was found; also when that is nothing.</param>
    public HeapCounter(TargetProcess target, Action<HeapCount> counted)
    {
        _thread = new Thread(() => counted(Count(target) with { CpuMs = OwnThread.CpuMs() })) { IsBackground = true, Name = "heap" };
        _thread.Start();
    }

    /// <summary>Ends it, whether it is done or not.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _thread.Join();
        _stopping.Dispose();
    }

    // The edge of it: whatever the process does meanwhile, the recording goes on.
    private HeapCount Count(TargetProcess target)
    {
        try
        {
            var mappings = TargetMapping.ReadAll(target.Key.Pid);
            if (AllocatorOf.Process(mappings, target.Memory) is var allocator and not HeapBefore.UnderWay)
            {
                return new HeapCount(allocator, [], 0);
            }
            using var pages = new PagePresence(target.Key.Pid);
            var count = new HeapWalk(new HeapMemory(target.Key.Pid, target.Memory), mappings, pages.Next, s_patience, _stopping.Token)
                .Walk(mappings.Where(mapping => mapping.IsData && TargetProcess.IsLibc(mapping.Name)));
            return target.Memory.IsGone(target.Pages.Map) ? new HeapCount(HeapBefore.Ended, [], 0) : count;
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
