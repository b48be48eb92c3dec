using WebVmMap.Recording;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Agent.Recordings;

/// <summary>The recorder of the system that this runs on.</summary>
internal sealed class MachineRecorders : IRecorders
{
    /// <inheritdoc/>
    public Task<IRecording> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new RecordingException("Recording is there for Linux only so far.");
        }
        // Starting a process blocks: not on the caller's time.
        return Task.Run(() => new LinuxRecorder().Launch(request), cancellation);
    }
}
