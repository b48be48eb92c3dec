using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>How this machine's programs are recorded. Thread-safe.</summary>
internal interface IRecorders
{
    /// <summary>Starts a program under recording.</summary>
    /// <exception cref="RecordingException">It cannot be started, or this machine cannot record.</exception>
    Task<IRecording> LaunchAsync(LaunchRequest request, CancellationToken cancellation);
}
