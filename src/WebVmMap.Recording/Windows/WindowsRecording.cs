using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Windows;

/// <summary>A recording under way on Windows. Takes over what it is made of.</summary>
internal sealed class WindowsRecording : IRecording
{
    // A process that is made to end does so when no call of the system holds one of its threads any more.
    private const uint AfterKillMs = 5000;

    private readonly TargetProcess _process;
    private readonly bool _isLaunched;
    private readonly FunctionPatches _patches;
    private readonly DrainThread _drain;
    private readonly Lock _gate = new();
    private bool _restored;

    public WindowsRecording(TargetProcess process, WindowsRingMemory memory, FunctionPatches patches, TimeSpan interval, Func<string, string> pathOf, bool isLaunched)
    {
        _isLaunched = isLaunched;
        _process = process;
        _patches = patches;
        _drain = new DrainThread(memory, interval, () => process.HasExited, pathOf, before: isLaunched ? HeapBefore.None : HeapBefore.Windows);
    }

    /// <inheritdoc/>
    public int Pid => _process.Pid;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordingInterval> ReadAsync(CancellationToken cancellation) => _drain.ReadAsync(cancellation);

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await Task.Run(Restore).ConfigureAwait(false);
        await _drain.StopAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => !_isLaunched ? Task.CompletedTask : Task.Run(() =>
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
