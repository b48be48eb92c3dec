using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>What holds in every snapshot of every process.</summary>
internal static class SnapshotInvariants
{
    public static void Check(Snapshot snapshot)
    {
        var table = snapshot.Regions;
        var end = 0UL;
        for (var row = 0; row < table.Count; row++)
        {
            var region = table[row];
            var what = $"{snapshot.Process.Name} ({snapshot.Process.Key.Pid}): {region}";
            Assert.True(region.Address >= end && region.Size > 0, $"overlaps or is empty: {what}");
            end = region.End == 0 ? ulong.MaxValue : region.End;
            Assert.True(region.Category is > RegionCategory.Unspecified and not RegionCategory.PageTable, $"has no category: {what}");
            Assert.True(region.AllocationBase <= region.Address, $"begins before its allocation: {what}");
            Assert.True(region.Committed >= 0 && region.Committed <= region.Size, $"Committed: {what}");
            Assert.True(region.Private >= 0 && region.Private <= region.Committed, $"Private: {what}");
            Assert.True(region.PrivateWs >= 0 && region.ShareableWs >= 0 && region.TotalWs <= region.Committed, $"Total WS: {what}");
            Assert.True(region.SharedWs >= 0 && region.SharedWs <= region.ShareableWs, $"Shared WS: {what}");
            Assert.True(region.LockedWs >= 0 && region.LockedWs <= region.TotalWs, $"Locked WS: {what}");
            Assert.True(region.Pss >= 0 && region.Swap >= 0 && region.Swap <= region.Size, $"PSS or Swap: {what}");
        }
        var total = snapshot.Summary.Total;
        foreach (var metric in Enum.GetValues<RegionMetric>())
        {
            var counted = snapshot.Summary.Rows.Where(row => row.Name != RegionCategory.Free.DisplayName()).Sum(row => row.Value(metric));
            Assert.Equal(counted, total.Value(metric));
            for (var allocation = 0; allocation < snapshot.Allocations.Count; allocation++)
            {
                var sum = 0L;
                for (var row = snapshot.Allocations.FirstRegion[allocation]; row < snapshot.Allocations.FirstRegion[allocation + 1]; row++)
                {
                    sum += table.Value(metric, row);
                }
                Assert.Equal(sum, snapshot.Allocations.Value(metric, allocation));
            }
        }
        var bases = new HashSet<ulong>();
        for (var allocation = 0; allocation < snapshot.Allocations.Count; allocation++)
        {
            Assert.True(bases.Add(table.AllocationBases[snapshot.Allocations.FirstRegion[allocation]]), "Two allocations have one base.");
        }
    }
}
