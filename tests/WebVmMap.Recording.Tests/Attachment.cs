using WebVmMap.Core.Processes;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Tests;

/// <summary>A recording of a process that runs, from the attach until it is stopped.</summary>
internal sealed class Attachment : IAsyncDisposable
{
    private readonly IRecording _recording;
    private readonly Recorded _recorded = new();
    private readonly Task _reading;

    private Attachment(IRecording recording)
    {
        _recording = recording;
        _reading = Task.Run(ReadAsync);
    }

    public static async Task<Attachment> BeginAsync(ProcessKey process) => new(await Task.Run(() => new LinuxRecorder(Recorded.Patient).Attach(new AttachRequest(process))));

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
        }
    }
}
