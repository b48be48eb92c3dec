namespace WebVmMap.Hub.Api;

/// <summary>A recording to start: of a process that runs (pid), or of a program to start (command).</summary>
/// <param name="Pid">The process to attach to.</param>
/// <param name="StartStamp">Its start stamp as the list of processes gives it, decimal digits, so that a later process with the same id is not taken for it.</param>
/// <param name="Command">The program to start and its arguments.</param>
/// <param name="WorkingDirectory">Where it starts; the agent's own directory when left out.</param>
/// <param name="Environment">Variables that are set, or removed with an empty value.</param>
/// <param name="Mode">full (every allocation, the default) or sampled.</param>
/// <param name="Children">With a command, whether the processes that it starts are recorded too, each as a recording of its own.</param>
/// <param name="SampleBytes">With mode sampled, one sample every so many bytes on average.</param>
internal sealed record NewRecordingDto(
    int? Pid, string? StartStamp, IReadOnlyList<string>? Command, string? WorkingDirectory, IReadOnlyDictionary<string, string>? Environment, string? Mode, long? SampleBytes, bool? Children);
