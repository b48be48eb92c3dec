using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Tests;

/// <summary>A recording of a process that runs, from its begin until it is stopped.</summary>
internal sealed class Attachment : IAsyncDisposable
{
    private readonly IRecording _recording;
    private readonly Recorded _recorded = new();
    private readonly TaskCompletionSource<RecordingHealth> _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private Attachment(IRecording recording)
    {
        _recording = recording;
        _reading = Task.Run(ReadAsync);
    }

    public static async Task<Attachment> BeginAsync(ProcessKey process, RecorderOptions? options = null) => new(await Task.Run(() => new LinuxRecorder(options ?? Recorded.Patient).Attach(new AttachRequest(process))));

    /// <summary>Reads one that has begun, which is this one's then.</summary>
    public static Attachment Of(IRecording recording) => new(recording);

    /// <summary>Waits until blocks from before were counted, or it is said why they are not.</summary>
    /// <returns>How the recording fares then.</returns>
    public Task<RecordingHealth> CountedAsync() => _counted.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    /// <summary>The blocks that are live now, those from before among them.</summary>
    public FoundBlocks Find(BlockQuestion question) => _recording.FindBlocks(question);

    /// <summary>Detaches.</summary>
    /// <returns>All that was recorded.</returns>
    public async Task<Recorded> StopAsync()
    {
        await _recording.StopAsync();
        return await EndAsync();
    }

    /// <summary>Waits until the recording ends of itself.</summary>
    public async Task<Recorded> EndAsync()
    {
        await _reading.WaitAsync(TestContext.Current.CancellationToken);
        return _recorded;
    }

    public ValueTask DisposeAsync() => _recording.DisposeAsync();

    private async Task ReadAsync()
    {
        await foreach (var interval in _recording.ReadAsync(CancellationToken.None))
        {
            _recorded.Add(interval);
            if (interval.Health.Before != HeapBefore.UnderWay)
            {
                _counted.TrySetResult(interval.Health);
            }
        }
    }
}
