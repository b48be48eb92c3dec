namespace WebVmMap.Hub.Api;

/// <summary>How to end a recording; everything may be left out.</summary>
/// <param name="EndProgram">Whether to end the program too that was launched for it: SIGTERM, and SIGKILL when it has not ended within five seconds; TerminateProcess on Windows.</param>
internal sealed record StopRecordingDto(bool EndProgram = false);
