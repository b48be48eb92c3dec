using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Formats;

/// <summary>The fields "taken at" to "counters" that frames and snapshots share.</summary>
internal readonly record struct SampleFields(DateTimeOffset TakenAt, SnapshotCost Cost, ProcessCounters Counters)
{
    // Beyond this a double of milliseconds no longer tells microseconds apart; it is 285 years.
    private const ulong MaxMicroseconds = 1UL << 53;

    /// <exception cref="ArgumentException">A figure cannot be expressed: it is negative or before 1970.</exception>
    public static void Write(FormatWriter writer, Snapshot snapshot)
    {
        writer.Unsigned(snapshot.TakenAt.ToUnixTimeMilliseconds(), "time of the snapshot");
        writer.Varint(ToMicroseconds(snapshot.Cost.ElapsedMs));
        writer.Varint(ToMicroseconds(snapshot.Cost.AgentCpuMs));
        var counters = snapshot.Counters;
        writer.Optional(counters.WorkingSet, "working set");
        writer.Optional(counters.PrivateCommit, "private commit");
        writer.Optional(counters.ResidentAnonymous, "resident anonymous memory");
        writer.Optional(counters.Swap, "swap");
        writer.Optional(counters.VirtualSize, "virtual size");
        writer.Optional(counters.PageTable, "page table");
    }

    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static SampleFields Read(ref FormatReader reader) => new(
        UnixTime.FromMilliseconds((long)reader.Varint("time of the snapshot", long.MaxValue), "time of the snapshot"),
        new SnapshotCost(
            reader.Varint("elapsed time", MaxMicroseconds) / 1000.0,
            reader.Varint("agent's CPU time", MaxMicroseconds) / 1000.0),
        new ProcessCounters
        {
            WorkingSet = reader.Optional("working set"),
            PrivateCommit = reader.Optional("private commit"),
            ResidentAnonymous = reader.Optional("resident anonymous memory"),
            Swap = reader.Optional("swap"),
            VirtualSize = reader.Optional("virtual size"),
            PageTable = reader.Optional("page table"),
        });

    private static ulong ToMicroseconds(double milliseconds)
    {
        var microseconds = Math.Round(milliseconds * 1000);
        return microseconds >= 0 && microseconds <= MaxMicroseconds
            ? (ulong)microseconds
            : throw new ArgumentException($"A snapshot cannot have cost {milliseconds} ms.");
    }
}
