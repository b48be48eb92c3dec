namespace WebVmMap.EndToEnd.Truth;

/// <summary>The totals that a process must be shown with, worked out from <c>/proc</c> by the test itself.</summary>
/// <remarks>PSS and Shared WS are not among them: they depend on who else has the same libraries mapped at the moment.</remarks>
public static class Expected
{
    /// <summary>By the names of the HTTP API, in bytes; blocks is a count.</summary>
    public static IReadOnlyDictionary<string, long> Totals(int pid, IReadOnlyList<SmapsRecord> records)
    {
        var pageTable = SmapsRecord.ReadFields(pid, "status")["VmPTE"];
        return new Dictionary<string, long>
        {
            ["size"] = records.Sum(r => r.Size) + pageTable,
            ["reserved"] = records.Sum(r => r.Size - r.Committed),
            ["committed"] = records.Sum(r => r.Committed) + pageTable,
            ["private"] = records.Sum(r => r.Private) + pageTable,
            ["totalWs"] = records.Sum(r => r.TotalWs),
            ["privateWs"] = records.Sum(r => r.PrivateWs),
            ["shareableWs"] = records.Sum(r => r.TotalWs - r.PrivateWs),
            ["lockedWs"] = records.Sum(r => r.Fields["Locked"]),
            ["swap"] = records.Sum(r => r.Fields["Swap"]),
            ["blocks"] = records.Count + (pageTable > 0 ? 1 : 0),
        };
    }
}
