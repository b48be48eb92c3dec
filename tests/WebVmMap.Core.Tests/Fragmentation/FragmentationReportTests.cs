using CsCheck;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Fragmentation;

public sealed class FragmentationReportTests
{
    private const int Page = 4096;
    private const int SpacePages = 256;

    private static readonly AddressSpaceBounds s_bounds = new(0x10000, 0x10000 + SpacePages * Page, 65536);

    // Gap, size and committed in pages; a small address space, so that every page of it can be looked at.
    private static readonly Gen<(int Gap, int Pages, int Committed, int Detail)[]> s_rows =
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 30], Gen.Int[0, 30], Gen.Int[0, 2]).Array[0, 12];

    /// <summary>The same figures by walking the pages one by one, which knows neither of gaps nor of allocations.</summary>
    [Fact]
    public void Of_AnySnapshot_AgreesWithAWalkOverItsPages() => s_rows.Sample(rows =>
    {
        var snapshot = Snapshot(rows);
        var report = snapshot.Fragmentation;
        var owner = Pages(snapshot, out var committed);

        var (free, unusable) = (new List<int>(), 0);
        var (run, wasted) = (0, new Dictionary<string, int>());
        for (var page = 0; page <= SpacePages; page++)
        {
            var isFree = page < SpacePages && owner[page] < 0 && IsUsable(owner, page);
            if (isFree)
            {
                run++;
                continue;
            }
            if (run > 0)
            {
                free.Add(run);
                run = 0;
            }
            if (page < SpacePages && owner[page] < 0)
            {
                unusable++;
                var before = page;
                while (before >= 0 && owner[before] < 0)
                {
                    before--;
                }
                var details = before < 0 ? "" : snapshot.Regions.DetailText(owner[before]);
                wasted[details] = wasted.GetValueOrDefault(details) + 1;
            }
        }

        Assert.Equal(free.Sum() * (long)Page, report.FreeBytes);
        Assert.Equal(free.Count, report.FreeBlocks);
        Assert.Equal(free.DefaultIfEmpty().Max() * (long)Page, report.LargestFree);
        Assert.Equal(unusable * (long)Page, report.UnusableBytes);
        Assert.All(report.FreeBySize, sizes => Assert.Equal(free.Where(f => f * (long)Page >= sizes.From && f * (long)Page < sizes.To).Sum() * (long)Page, sizes.Bytes));
        Assert.Equal(wasted.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value * (long)Page)),
            report.Wasters.OrderBy(w => w.Details, StringComparer.Ordinal).Select(w => (w.Details, w.WastedBytes)));
        Assert.Equal(report.Wasters.Select(w => w.WastedBytes).OrderDescending(), report.Wasters.Select(w => w.WastedBytes));
        Assert.Equal((owner.Count(row => row >= 0) - committed) * (long)Page, report.Reservers.Sum(r => r.WastedBytes));
        Assert.Equal((report.FreeBytes, report.UnusableBytes), (snapshot.Summary[RegionCategory.Free].Size, snapshot.Summary[RegionCategory.Unusable].Size));
    });

    // A page can be allocated when its granule, from the first page after what is in use there, begins on a boundary.
    private static bool IsUsable(int[] owner, int page)
    {
        const int GranulePages = 65536 / Page;
        var start = page / GranulePages * GranulePages;
        for (var other = start; other < page; other++)
        {
            if (owner[other] >= 0)
            {
                return false;
            }
        }
        return true;
    }

    private static int[] Pages(Snapshot snapshot, out int committed)
    {
        var owner = new int[SpacePages];
        Array.Fill(owner, -1);
        committed = 0;
        for (var row = 0; row < snapshot.Regions.Count; row++)
        {
            if (!snapshot.Regions.Categories[row].IsGap())
            {
                committed += (int)(snapshot.Regions.Column(RegionMetric.Committed)[row] / Page);
                for (var page = 0; page < snapshot.Regions.Sizes[row] / Page; page++)
                {
                    owner[(int)((snapshot.Regions.Addresses[row] - s_bounds.Lowest) / Page) + page] = row;
                }
            }
        }
        return owner;
    }

    private static Snapshot Snapshot((int Gap, int Pages, int Committed, int Detail)[] rows)
    {
        var builder = new RegionTableBuilder();
        var at = s_bounds.Lowest;
        foreach (var (gap, pages, committed, detail) in rows)
        {
            at += (ulong)gap * Page;
            if (at + (ulong)pages * Page > s_bounds.End)
            {
                break;
            }
            builder.Add(new Region
            {
                Address = at,
                Size = (long)pages * Page,
                AllocationBase = at,
                Category = RegionCategory.PrivateData,
                Detail = detail,
                Committed = Math.Min(committed, pages) * (long)Page,
            });
            at += (ulong)pages * Page;
        }
        return new Snapshot(builder.Build(["", "one", "two"]), s_bounds)
        {
            Platform = HostPlatform.Windows,
            Process = new ProcessInfo { Key = new ProcessKey(1, 1), Name = "p" },
            TakenAt = DateTimeOffset.UnixEpoch,
        };
    }
}
