using CsCheck;
using WebVmMap.Core.Export;
using WebVmMap.Core.Import;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Import;

/// <summary>What is exported comes back as far as the format carries it, and what it does not carry is told in a note.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<Snapshot> s_snapshots = SnapshotGen.Of(TableGen.Plausible);

    // An allocation with a hole, which only stands outside the address space, is no row of a table with sizes.
    private static readonly Gen<Snapshot> s_inside = SnapshotGen.Of(TableGen.Plausible.Select(Inside));

    [Fact]
    public void Json_ReadBack_IsTheSameSnapshot() => s_snapshots.Sample(snapshot =>
    {
        var file = Importing.Read(Importing.Json(snapshot));
        var imported = Assert.Single(file.Snapshots);

        Assert.Equal(SnapshotFileFormat.Json, file.Format);
        Assert.Equal((Importing.Origin.Host, Importing.Origin.Label), (imported.Host, imported.Label));
        Assert.Equal(snapshot.Process, imported.Snapshot.Process);
        Assert.Equal(snapshot.TakenAt, imported.Snapshot.TakenAt);
        Assert.Equal(snapshot.Cost, imported.Snapshot.Cost);
        Assert.Equal(snapshot.Counters, imported.Snapshot.Counters);
        Assert.Equal(snapshot.Notes, imported.Snapshot.Notes);
        Assert.Equal((snapshot.Platform, snapshot.Bounds), (imported.Snapshot.Platform, imported.Snapshot.Bounds));
        SameRegions(snapshot, imported.Snapshot, region => region with { Protection = AsText(region.Protection, snapshot.Platform) });
    });

    [Fact]
    public void Csv_ReadBack_IsTheSameButForWhatANoteSays() => s_inside.Sample(snapshot =>
    {
        var file = Importing.Read(Importing.Csv(snapshot));
        var imported = Assert.Single(file.Snapshots);

        Assert.Equal(SnapshotFileFormat.Csv, file.Format);
        Assert.Equal((Importing.Origin.Host, Importing.Origin.Label), (imported.Host, imported.Label));
        Assert.Equal(snapshot.Process.Key, imported.Snapshot.Process.Key);
        Assert.Equal(
            (snapshot.Process.Name, snapshot.Process.CommandLine, snapshot.Process.User, snapshot.Process.Architecture, snapshot.Process.StartTime),
            (imported.Snapshot.Process.Name, imported.Snapshot.Process.CommandLine, imported.Snapshot.Process.User,
                imported.Snapshot.Process.Architecture, imported.Snapshot.Process.StartTime));
        Assert.Equal(snapshot.TakenAt, imported.Snapshot.TakenAt);
        Assert.Equal((snapshot.Platform, snapshot.Bounds), (imported.Snapshot.Platform, imported.Snapshot.Bounds));
        Assert.Equal(snapshot.Counters.PageTable ?? 0, imported.Snapshot.Counters.PageTable ?? 0);
        Assert.Equal(
            [.. snapshot.Notes.Select(note => note.Text), .. snapshot.Notes.Any(note => note.Text == ImportNotes.Csv) ? [] : new[] { ImportNotes.Csv }],
            imported.Snapshot.Notes.Select(note => note.Text));
        SameRegions(snapshot, imported.Snapshot, region => region with { Protection = AsText(region.Protection, snapshot.Platform) }, basesAreLost: true);
    });

    [Fact]
    public void Mmp_ReadBack_IsTheSameButForWhatANoteSays() => s_inside.Sample(snapshot =>
    {
        var file = Importing.Read(Importing.Mmp(snapshot));
        var imported = Assert.Single(file.Snapshots);

        Assert.Equal(SnapshotFileFormat.Mmp, file.Format);
        Assert.Equal((Importing.Origin.Host, Importing.Origin.Label), (imported.Host, imported.Label));
        Assert.Equal(snapshot.TakenAt, imported.Snapshot.TakenAt);
        Assert.Equal(snapshot.Process.Key.Pid, imported.Snapshot.Process.Key.Pid);
        Assert.Equal((snapshot.Platform, snapshot.Bounds), (imported.Snapshot.Platform, imported.Snapshot.Bounds));
        Assert.Equal(snapshot.Counters.PageTable ?? 0, imported.Snapshot.Counters.PageTable ?? 0);
        Assert.Contains(imported.Snapshot.Notes, note => note.Text == ImportNotes.Mmp);
        SameRegions(
            snapshot,
            imported.Snapshot,
            region => region with { Protection = AsConstant(region, snapshot.Platform), LockedWs = 0, Pss = 0, Swap = 0 },
            basesAreLost: true);
    });

    [Fact]
    public void Wvm_ReadBack_IsTheSameSnapshot() => s_snapshots.Sample(snapshot =>
    {
        var file = Importing.Read(SnapshotCodec.Encode(snapshot));

        Assert.Equal(SnapshotFileFormat.Wvm, file.Format);
        Same.Snapshots(snapshot, Assert.Single(file.Snapshots).Snapshot);
    });

    /// <summary>What a guard adds for spreadsheets is what reading takes away, for every text.</summary>
    [Fact]
    public void FormulaGuard_AnyText_ComesBack() =>
        Gen.String[Gen.Char["'=+-@\t\r\na\""], 0, 6].Sample(text =>
            Assert.Equal(text, FormulaGuard.Remove(FormulaGuard.Needs(text) ? "'" + text : text).ToString()));

    [Fact]
    public void WindowsProtection_EveryConstant_ComesBack()
    {
        foreach (var access in new uint[] { 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80 })
        {
            for (var more = 0U; more < 8; more++)
            {
                var constant = access | (more << 8);
                Assert.Equal(constant, WindowsProtection.ToConstant(WindowsProtection.FromConstant(constant)));
            }
        }
    }

    private static void SameRegions(Snapshot expected, Snapshot actual, Func<Region, Region> carried, bool basesAreLost = false)
    {
        Assert.Equal(expected.Regions.Count, actual.Regions.Count);
        for (var row = 0; row < expected.Regions.Count; row++)
        {
            var region = expected.Regions[row];
            if (basesAreLost)
            {
                region = region with { AllocationBase = expected.Allocations.Address(expected.Allocations.OfRegion(row)) };
            }
            region = region.Category.IsGap() ? region : carried(region);
            Assert.Equal(region with { Detail = 0 }, actual.Regions[row] with { Detail = 0 });
            Assert.Equal(expected.Regions.DetailText(row), actual.Regions.DetailText(row));
        }
    }

    private static RegionTable Inside(RegionTable table)
    {
        var builder = new RegionTableBuilder();
        for (var row = 0; row < table.Count && table.End(row) <= SnapshotGen.WindowsBounds.End; row++)
        {
            builder.Add(table[row]);
        }
        return builder.Build(table.Strings);
    }

    private static Protection AsText(Protection protection, HostPlatform platform) =>
        ProtectionText.TryParse(ProtectionText.Format(protection, platform), out var parsed) ? parsed : throw new InvalidOperationException();

    private static Protection AsConstant(Region region, HostPlatform platform)
    {
        var constant = WindowsProtection.ToConstant(region.Protection);
        return constant == 0 || (platform == HostPlatform.Windows && region.Committed == 0) ? Protection.Reserved : WindowsProtection.FromConstant(constant);
    }
}
