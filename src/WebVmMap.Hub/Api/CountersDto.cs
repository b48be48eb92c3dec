using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Api;

/// <summary>The system's own figures for a process, in bytes; left out is what it does not tell.</summary>
internal sealed record CountersDto(long? WorkingSet, long? PrivateCommit, long? ResidentAnonymous, long? Swap, long? VirtualSize, long? PageTable)
{
    public static CountersDto Of(ProcessCounters counters) => new(
        counters.WorkingSet, counters.PrivateCommit, counters.ResidentAnonymous, counters.Swap, counters.VirtualSize, counters.PageTable);
}
