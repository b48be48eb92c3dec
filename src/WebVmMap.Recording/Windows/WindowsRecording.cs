using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Ring;
using WebVmMap.Recording.Windows.Children;

namespace WebVmMap.Recording.Windows;

/// <summary>A recording under way on Windows. Takes over what it is made of.</summary>
internal sealed class WindowsRecording : IRecording
{
    // A process that is made to end does so when no call of the system holds one of its threads any more.
    private const uint AfterKillMs = 5000;

    // Many of them are idle most of the time, and a thread of theirs may wait longer than this for room.
    private static readonly TimeSpan s_longestPauseOfChild = TimeSpan.FromMilliseconds(8);

    private readonly TargetProcess _process;
    private readonly WindowsRingMemory _memory;
    private readonly FunctionPatches _patches;
    private readonly RecordedBecause _because;
    private readonly FollowedProcesses? _children;
    private readonly DrainThread _drain;
    private readonly Lock _gate = new();
    private bool _restored;

    /// <summary>Begins to read what is told.</summary>
    /// <param name="process">The process, with the tracer in it.</param>
    /// <param name="memory">What the tracer tells into.</param>
    /// <param name="patches">What leads to the tracer.</param>
    /// <param name="options">How long an interval is.</param>
    /// <param name="pathOf">The path that people know a file by, of the kernel's.</param>
    /// <param name="because">How it came to be recorded.</param>
    /// <param name="isFromStart">Whether it had not run before.</param>
    /// <param name="requests">Where it asks for the processes that it starts to be followed; not this one's to give back. Null when they are not.</param>
    /// <param name="children">Who follows them, when this is the recording of the process that was launched.</param>
    public WindowsRecording(
        TargetProcess process, WindowsRingMemory memory, FunctionPatches patches, RecorderOptions options, Func<string, string> pathOf,
        RecordedBecause because, bool isFromStart, RequestTable? requests, FollowedProcesses? children)
    {
        (_process, _memory, _patches, _because, _children, Requests) = (process, memory, patches, because, children, requests);
        _drain = new DrainThread(
            memory, options.Interval, () => process.HasExited, pathOf, because == RecordedBecause.Followed ? s_longestPauseOfChild : null,
            isFromStart ? HeapBefore.None : HeapBefore.Windows);
    }

    /// <inheritdoc/>
    public int Pid => _process.Pid;

    /// <summary>Where it asks for the processes that it starts to be followed; null when they are not.</summary>
    public RequestTable? Requests { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var interval in _drain.ReadAsync(cancellation).ConfigureAwait(false))
        {
            yield return interval with { Health = interval.Health with { StoppedNs = (long)_patches.Stopped.TotalNanoseconds } };
        }
        // All that it told is read: its rings are not needed to tell what is live.
        _memory.Dispose();
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IChildRecording> ReadChildrenAsync(CancellationToken cancellation) =>
        _children?.ReadAsync(cancellation) ?? AsyncEnumerable.Empty<IChildRecording>();

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        _children?.Stop();
        await Task.Run(Restore).ConfigureAwait(false);
        await _drain.StopAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => _because != RecordedBecause.Launched ? Task.CompletedTask : Task.Run(() =>
    {
        // Windows has no way to ask a program without a window.
        if (!_process.HasExited && Kernel32.TerminateProcess(_process.Handle, 1))
        {
            _ = Kernel32.WaitForSingleObject(_process.Handle, AfterKillMs);
        }
    });

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => _drain.Find(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_children is not null)
        {
            await _children.LeaveAsync(_process.HasExited).ConfigureAwait(false);
        }
        await Task.Run(() =>
        {
            Restore();
            _drain.Dispose();
        }).ConfigureAwait(false);
        _process.Dispose();
    }

    private void Restore()
    {
        lock (_gate)
        {
            if (_restored || _process.HasExited)
            {
                return;
            }
            _restored = true;
            try
            {
                _patches.Restore();
            }
            catch (RecordingException)
            {
                // Patched it goes on as well: the tracer steps aside when it is told to stop.
            }
        }
    }
}
