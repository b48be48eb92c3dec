namespace WebVmMap.Agent.Sampling;

/// <summary>Counts the samples that were not sent because the hub was slow. Thread-safe.</summary>
internal sealed class DropCount
{
    private long _total;

    /// <summary>How many there were since the agent started.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Counts one.</summary>
    public void Add() => Interlocked.Increment(ref _total);
}
