using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>How this machine's programs are recorded. Thread-safe.</summary>
internal interface IRecorders
{
    /// <summary>Starts a program under recording.</summary>
    /// <exception cref="RecordingException">It cannot be started, or this machine cannot record.</exception>
    Task<IRecording> LaunchAsync(LaunchRequest request, CancellationToken cancellation);

    /// <summary>Puts the tracer into a process that runs; ending the recording takes it out again, and the process goes on.</summary>
    /// <exception cref="RecordingException">It cannot be recorded: it is gone, belongs to somebody else or cannot take a tracer, or this machine cannot record.</exception>
    Task<IRecording> AttachAsync(AttachRequest request, CancellationToken cancellation);
}
