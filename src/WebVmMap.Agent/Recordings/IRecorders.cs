using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>How this machine's programs are recorded. Thread-safe.</summary>
internal interface IRecorders
{
    /// <summary>Starts a program under recording.</summary>
    /// <param name="request">What to start.</param>
    /// <param name="options">How to record it.</param>
    /// <param name="cancellation">Gives up before it has started.</param>
    /// <exception cref="RecordingException">It cannot be started, or this machine cannot record.</exception>
    Task<IRecording> LaunchAsync(LaunchRequest request, RecorderOptions options, CancellationToken cancellation);

    /// <summary>Puts the tracer into a process that runs; ending the recording takes it out again, and the process goes on.</summary>
    /// <param name="request">The process.</param>
    /// <param name="options">How to record it.</param>
    /// <param name="cancellation">Gives up before it has begun.</param>
    /// <exception cref="RecordingException">It cannot be recorded: it is gone, belongs to somebody else or cannot take a tracer, or this machine cannot record.</exception>
    Task<IRecording> AttachAsync(AttachRequest request, RecorderOptions options, CancellationToken cancellation);
}
