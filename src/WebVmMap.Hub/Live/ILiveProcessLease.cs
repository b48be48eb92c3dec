namespace WebVmMap.Hub.Live;

/// <summary>One viewer's interest in a watched process; ends with its disposal. Thread-safe.</summary>
public interface ILiveProcessLease : IDisposable
{
    /// <summary>The newest state.</summary>
    LiveProcessState Current { get; }

    /// <summary>Changes what this viewer asks for, in milliseconds; 0 is by hand.</summary>
    void SetInterval(int intervalMs);

    /// <summary>Asks for one full pass now.</summary>
    void SampleNow();
}
