using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Windows;

/// <summary>A recording under way on Windows. Takes over what it is made of.</summary>
internal sealed class WindowsRecording : IRecording
{
    private readonly TargetProcess _process;
    private readonly FunctionPatches _patches;
    private readonly DrainThread _drain;
    private readonly Lock _gate = new();
    private bool _restored;

    public WindowsRecording(TargetProcess process, WindowsRingMemory memory, FunctionPatches patches, TimeSpan interval, Func<string, string> pathOf)
    {
        _process = process;
        _patches = patches;
        _drain = new DrainThread(memory, interval, () => process.HasExited, pathOf);
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
