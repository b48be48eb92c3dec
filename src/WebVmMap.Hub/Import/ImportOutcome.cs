using System.Text.Json;
using WebVmMap.Core.Import;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Import;

/// <summary>What became of a file.</summary>
/// <param name="Format">What it was.</param>
/// <param name="Stored">Its snapshots as they are kept now; at least one.</param>
public sealed record ImportOutcome(SnapshotFileFormat Format, IReadOnlyList<StoredSnapshot> Stored)
{
    /// <summary>A format as the API and the store spell it: <c>wvm</c>, <c>json</c>, <c>csv</c>, <c>vmMapCsv</c> or <c>mmp</c>.</summary>
    public static string FormatName(SnapshotFileFormat format) => JsonNamingPolicy.CamelCase.ConvertName(format.ToString());
}
