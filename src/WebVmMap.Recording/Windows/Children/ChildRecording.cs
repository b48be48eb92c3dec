using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Windows.Children;

/// <summary>A recording of a process that a recorded one started. Thread-safe as <see cref="IRecording"/> says.</summary>
/// <param name="recording">What is recorded; let go of with this.</param>
/// <param name="process">Which process.</param>
/// <param name="parentPid">Who started it.</param>
/// <param name="program">Path of its program.</param>
/// <param name="disposed">Called once, when all of it is given back.</param>
internal sealed class ChildRecording(WindowsRecording recording, ProcessKey process, int parentPid, string program, Action disposed) : IChildRecording
{
    private int _isDisposed;

    /// <inheritdoc/>
    public ProcessKey Process => process;

    /// <inheritdoc/>
    public int Pid => process.Pid;

    /// <inheritdoc/>
    public int ParentPid => parentPid;

    /// <inheritdoc/>
    public string Program => program;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordingInterval> ReadAsync(CancellationToken cancellation) => recording.ReadAsync(cancellation);

    /// <inheritdoc/>
    public Task StopAsync() => recording.StopAsync();

    /// <inheritdoc/>
    public Task EndProgramAsync(TimeSpan patience) => Task.CompletedTask;

    /// <inheritdoc/>
    public FoundBlocks FindBlocks(BlockQuestion question) => recording.FindBlocks(question);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await recording.DisposeAsync().ConfigureAwait(false);
            disposed();
        }
    }
}
