using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Agent.Recordings;

/// <summary>The recorder of the system that this runs on.</summary>
internal sealed class MachineRecorders : IRecorders
{
    /// <inheritdoc/>
    public Task<IRecording> LaunchAsync(LaunchRequest request, RecorderOptions options, CancellationToken cancellation)
    {
        CheckSystem();
        // Starting a process blocks: not on the caller's time.
        return Task.Run<IRecording>(() => new SymbolizedRecording(new LinuxRecorder(options).Launch(request)), cancellation);
    }

    /// <inheritdoc/>
    public Task<IRecording> AttachAsync(AttachRequest request, RecorderOptions options, CancellationToken cancellation)
    {
        CheckSystem();
        return Task.Run<IRecording>(() => new SymbolizedRecording(new LinuxRecorder(options).Attach(request)), cancellation);
    }

    private static void CheckSystem()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new RecordingException("This agent records on Linux only: record the program there.");
        }
    }
}
