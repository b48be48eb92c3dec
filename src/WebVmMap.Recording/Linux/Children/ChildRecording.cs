using System.Runtime.CompilerServices;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Heap;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>A recording of a process that a recorded one started. Thread-safe as <see cref="IRecording"/> says.</summary>
internal sealed class ChildRecording : IChildRecording
{
    private readonly LinuxRingMemory _memory;
    private readonly DrainThread _drain;
    private readonly FollowedProcess _process;
    private readonly HeapCounter? _heap;
    private readonly ForkedHeaps _heaps;
    private readonly Action _disposed;
    private readonly Lock _gate = new();
    private string _program = "";
    private bool _isReleased;
    private int _blocksBefore;

    /// <summary>Begins to read what it tells.</summary>
    /// <param name="memory">What it took; let go of with this.</param>
    /// <param name="process">The process; let go of with this.</param>
    /// <param name="interval">The usual length of an interval.</param>
    /// <param name="heaps">Counts what it has from its parent.</param>
    /// <param name="disposed">Called once, when all of it is given back.</param>
    public ChildRecording(LinuxRingMemory memory, FollowedProcess process, TimeSpan interval, ForkedHeaps heaps, Action disposed)
    {
        _memory = memory;
        _process = process;
        _heaps = heaps;
        _disposed = disposed;
        Process = new ProcessKey(memory.Pid, memory.Started);
        ParentPid = memory.Parent;
        var before = !memory.IsForked ? HeapBefore.None : memory.SampleBytes > 0 ? HeapBefore.Sampled : HeapBefore.UnderWay;
        _drain = new DrainThread(memory, interval, () => process.HasExited, before: before);
        _heap = before == HeapBefore.UnderWay ? new HeapCounter(Count, _drain.TakeBefore) : null;
    }

    /// <inheritdoc/>
    public ProcessKey Process { get; }

    /// <inheritdoc/>
    public int Pid => Process.Pid;

    /// <inheritdoc/>
    public int ParentPid { get; }

    /// <inheritdoc/>
    public string Program
    {
        get
        {
            lock (_gate)
            {
                return _isReleased ? _program : _memory.Program;
            }
        }
    }

    /// <summary>Has it step aside; what is left is still handed out. Returns at once.</summary>
    public void Stop()
    {
        // What is read of the heap once nothing is told any more could not be told apart from what is new.
        _heap?.Cancel();
        _drain.Stop();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var interval in _drain.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return interval;
        }
        // All that it told is read: its rings are not needed to tell what is live.
        KeepProgram();
        _heap?.Dispose();
        _memory.Dispose();
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        Stop();
        return _drain.StopAsync();
    }

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => Task.CompletedTask;

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => _drain.Find(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        KeepProgram();
        Stop();
        await Task.Run(() => _heap?.Dispose()).ConfigureAwait(false);
        await Task.Run(_drain.Dispose).ConfigureAwait(false);
        _heaps.GiveBack(_blocksBefore);
        _process.Dispose();
        _disposed();
    }

    private HeapCount Count(CancellationToken cancellation)
    {
        var count = _heaps.Count(_memory, _process, cancellation);
        _blocksBefore = count.Blocks.Count;
        return count;
    }

    private void KeepProgram()
    {
        lock (_gate)
        {
            _program = _isReleased ? _program : _memory.Program;
            _isReleased = true;
        }
    }
}
