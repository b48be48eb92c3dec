namespace WebVmMap.Hub.Processes;

/// <summary>One viewer's interest in the process list of a host; ends with its disposal. Thread-safe.</summary>
public interface IProcessListLease : IDisposable
{
    /// <summary>The newest list.</summary>
    ProcessListState Current { get; }
}
