using System.Globalization;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Snapshots;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>
/// A sent diff in tests/Shared/diffs, with what it has to be decoded to. The TypeScript tests read it too.
/// </summary>
/// <param name="About">What it shows.</param>
/// <param name="Base64">The bytes.</param>
/// <param name="Matching">How regions were brought together.</param>
/// <param name="Platform">The system.</param>
/// <param name="Columns">The names of the values of a region in a row, in order.</param>
/// <param name="Rows">Every row of the union.</param>
/// <param name="Allocations">How many rows each allocation has, in order.</param>
public sealed record RecordedDiff(
    string About, string Base64, DiffMatching Matching, HostPlatform Platform, string[] Columns, RecordedDiff.Row[] Rows, int[] Allocations)
{
    /// <summary>One row.</summary>
    /// <param name="Change">What became of it.</param>
    /// <param name="Aspects">The flags of its aspects, as a number.</param>
    /// <param name="Before">The region before, its values joined by |; null where it was added.</param>
    /// <param name="After">The region after; null where it was removed.</param>
    public sealed record Row(RegionChange Change, int Aspects, string? Before, string? After);

    public static RecordedDiff Of(string about, SnapshotDiff diff) => Expect(about, DiffCodec.Encode(diff), diff.Before.Platform, diff.Regions);

    /// <summary>What bytes have to be decoded to.</summary>
    public static RecordedDiff Expect(string about, byte[] bytes, HostPlatform platform, RegionDiff union) => new(
        about,
        Convert.ToBase64String(bytes),
        union.Matching,
        platform,
        RecordedStream.RowColumns,
        [
            .. Enumerable.Range(0, union.Count).Select(row => new Row(
                union.Changes[row], (int)union.Aspects[row], Text(union.Before, union.BeforeRows[row]), Text(union.After, union.AfterRows[row]))),
        ],
        [.. Enumerable.Range(0, union.AllocationCount).Select(allocation => union.FirstRegion[allocation + 1] - union.FirstRegion[allocation])]);

    private static string? Text(RegionTable table, int row)
    {
        if (row < 0)
        {
            return null;
        }
        var r = table[row];
        object[] values =
        [
            $"0x{r.Address:x}", r.Size, $"0x{r.AllocationBase:x}", (int)r.Category, (int)r.Protection, table.DetailText(row), r.Committed, r.Private,
            r.PrivateWs, r.ShareableWs, r.SharedWs, r.LockedWs, r.Pss, r.Swap,
        ];
        return string.Join('|', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
    }
}
