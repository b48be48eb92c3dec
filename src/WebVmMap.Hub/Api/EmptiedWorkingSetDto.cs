using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Api;

/// <summary>What came of emptying a working set.</summary>
/// <param name="ResidentBefore">Bytes in memory just before, by the system's own figure.</param>
/// <param name="ResidentAfter">Bytes in memory just after.</param>
/// <param name="Notes">What stayed in memory and why.</param>
internal sealed record EmptiedWorkingSetDto(long ResidentBefore, long ResidentAfter, IReadOnlyList<string> Notes)
{
    public static EmptiedWorkingSetDto Of(EmptiedWorkingSet emptied) => new(emptied.ResidentBefore, emptied.ResidentAfter, emptied.Notes);
}
