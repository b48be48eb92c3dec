using WebVmMap.Core.Processes;

namespace WebVmMap.Recording;

/// <summary>A recording of a process that a recorded one started. It is not this recorder's to end: <see cref="IRecording.EndProgramAsync"/> does nothing.</summary>
public interface IChildRecording : IRecording
{
    /// <summary>Which process, told apart from a later one of its id.</summary>
    ProcessKey Process { get; }

    /// <summary>Who started it; known to have been so when it began to be recorded.</summary>
    int ParentPid { get; }

    /// <summary>Path of the program that it runs, or ran at its end; empty when the system did not tell. It changes when it runs another one.</summary>
    string Program { get; }
}
