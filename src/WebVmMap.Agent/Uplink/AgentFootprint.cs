namespace WebVmMap.Agent.Uplink;

/// <summary>What this program itself takes. Not thread-safe.</summary>
internal sealed class AgentFootprint(TimeProvider time)
{
    private long _measuredAt = time.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;

    /// <summary>Resident bytes now, and share of one core since the last call.</summary>
    public (long ResidentBytes, double CpuShare) Measure()
    {
        var now = time.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var elapsed = time.GetElapsedTime(_measuredAt, now);
        var share = elapsed > TimeSpan.Zero ? (cpu - _cpu) / elapsed : 0;
        _measuredAt = now;
        _cpu = cpu;
        return (Environment.WorkingSet, share);
    }
}
