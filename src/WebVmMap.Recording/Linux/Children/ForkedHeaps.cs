using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Attach;
using WebVmMap.Recording.Linux.Heap;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>
/// Counts what children of fork have of their parents: one after the other, and no more in all than one attached process may have, for hundreds of them
/// may share one large heap. Thread-safe.
/// </summary>
internal sealed class ForkedHeaps
{
    // Most children run another program at once, or end.
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(10);

    private readonly Lock _turn = new();
    private long _kept;

    /// <summary>Counts one, in its turn.</summary>
    /// <param name="memory">What the child tells in.</param>
    /// <param name="process">The child.</param>
    /// <param name="cancellation">Set when nobody wants it any more.</param>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public HeapCount Count(LinuxRingMemory memory, FollowedProcess process, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(s_settled);
        while (!_turn.TryEnter(s_settled))
        {
            cancellation.ThrowIfCancellationRequested();
        }
        try
        {
            if (process.HasExited || !memory.IsForked)
            {
                return new HeapCount(HeapBefore.Ended, [], 0);
            }
            using var target = new TargetMemory(memory.Pid);
            var count = HeapCounter.Count(memory.Pid, target, cancellation);
            if (Interlocked.Add(ref _kept, count.Blocks.Count) <= BlocksBefore.MaxKept)
            {
                return count;
            }
            GiveBack(count.Blocks.Count);
            return new HeapCount(HeapBefore.TooMany, [], 0);
        }
        finally
        {
            _turn.Exit();
        }
    }

    /// <summary>Blocks of a count are not needed any more.</summary>
    public void GiveBack(int blocks) => Interlocked.Add(ref _kept, -blocks);
}
