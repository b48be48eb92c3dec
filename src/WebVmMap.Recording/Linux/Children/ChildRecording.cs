using System.Runtime.CompilerServices;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux.Children;

/// <summary>A recording of a process that a recorded one started. Thread-safe as <see cref="IRecording"/> says.</summary>
internal sealed class ChildRecording : IChildRecording
{
    // Many of them are idle most of the time, and a thread of theirs may wait longer than this for room.
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(8);

    private readonly LinuxRingMemory _memory;
    private readonly DrainThread _drain;
    private readonly FollowedProcess _process;
    private readonly Action _disposed;
    private readonly Lock _gate = new();
    private string _program = "";
    private bool _isReleased;

    /// <summary>Begins to read what it tells.</summary>
    /// <param name="memory">What it took; let go of with this.</param>
    /// <param name="process">The process; let go of with this.</param>
    /// <param name="interval">The usual length of an interval.</param>
    /// <param name="disposed">Called once, when all of it is given back.</param>
    public ChildRecording(LinuxRingMemory memory, FollowedProcess process, TimeSpan interval, Action disposed)
    {
        _memory = memory;
        _process = process;
        _disposed = disposed;
        Process = new ProcessKey(memory.Pid, memory.Started);
        ParentPid = memory.Parent;
        _drain = new DrainThread(memory, interval, () => process.HasExited, longestPause: s_longestPause);
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
    public void Stop() => _drain.Stop();

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var interval in _drain.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return interval;
        }
        // All that it told is read: its rings are not needed to tell what is live.
        KeepProgram();
        _memory.Dispose();
    }

    /// <inheritdoc/>
    public Task StopAsync() => _drain.StopAsync();

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => Task.CompletedTask;

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => _drain.Find(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        KeepProgram();
        await Task.Run(_drain.Dispose).ConfigureAwait(false);
        _process.Dispose();
        _disposed();
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
