using WebVmMap.Core.Processes;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Protocol;

/// <summary>A process's own figures at one moment, on the wire and in Core. What the system does not tell is absent, never 0.</summary>
public static class CounterMapping
{
    /// <summary>To the wire.</summary>
    /// <param name="counters">The figures.</param>
    /// <param name="time">When they were read; travels in milliseconds.</param>
    public static CounterSample ToWire(this ProcessCounters counters, DateTimeOffset time)
    {
        var sample = new CounterSample { TimeUnixMs = time.ToUnixTimeMilliseconds() };
        if (counters.WorkingSet is { } workingSet)
        {
            sample.WorkingSet = workingSet;
        }
        if (counters.PrivateCommit is { } privateCommit)
        {
            sample.PrivateCommit = privateCommit;
        }
        if (counters.ResidentAnonymous is { } residentAnonymous)
        {
            sample.ResidentAnonymous = residentAnonymous;
        }
        if (counters.Swap is { } swap)
        {
            sample.Swap = swap;
        }
        if (counters.VirtualSize is { } virtualSize)
        {
            sample.VirtualSize = virtualSize;
        }
        if (counters.PageTable is { } pageTable)
        {
            sample.PageTable = pageTable;
        }
        return sample;
    }

    /// <summary>The figures, from the wire.</summary>
    /// <exception cref="InvalidDataException">A figure is negative.</exception>
    public static ProcessCounters ToCore(this CounterSample sample) => new()
    {
        WorkingSet = NotNegative(sample.HasWorkingSet, sample.WorkingSet),
        PrivateCommit = NotNegative(sample.HasPrivateCommit, sample.PrivateCommit),
        ResidentAnonymous = NotNegative(sample.HasResidentAnonymous, sample.ResidentAnonymous),
        Swap = NotNegative(sample.HasSwap, sample.Swap),
        VirtualSize = NotNegative(sample.HasVirtualSize, sample.VirtualSize),
        PageTable = NotNegative(sample.HasPageTable, sample.PageTable),
    };

    /// <summary>When they were read, UTC, from the wire.</summary>
    /// <exception cref="InvalidDataException">The time is outside the calendar.</exception>
    public static DateTimeOffset Time(this CounterSample sample) => WireTime.FromWire(sample.TimeUnixMs);

    private static long? NotNegative(bool told, long value) => !told
        ? null
        : value >= 0 ? value : throw new InvalidDataException($"A counter of a process is negative: {value}.");
}
