using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

/// <summary>Takes snapshots of recorded processes and finds rows in them.</summary>
internal static class SnapshotTaker
{
    public static WindowsProcessProbe Probe(RecordedProcess process) =>
        new(process, new ProcessInfo { Key = new ProcessKey(77, 5), Name = "recorded.exe" }, TimeProvider.System, () => TimeSpan.Zero);

    public static Snapshot Take(RecordedProcess process) => Take(Probe(process));

    public static Snapshot Take(WindowsProcessProbe probe)
    {
        var result = probe.TakeSnapshot(TestContext.Current.CancellationToken);
        Assert.True(result.TryGet(out var snapshot), result.Message);
        return snapshot;
    }

    /// <summary>The row that begins at an address.</summary>
    public static Region At(this Snapshot snapshot, ulong address)
    {
        var row = snapshot.Regions.Find(address);
        Assert.True(row >= 0, $"Nothing at 0x{address:x}.");
        Assert.Equal(address, snapshot.Regions.Addresses[row]);
        return snapshot.Regions[row];
    }

    /// <summary>Category and detail of the row that holds an address.</summary>
    public static (RegionCategory Category, string Detail) What(this Snapshot snapshot, ulong address)
    {
        var row = snapshot.Regions.Find(address);
        Assert.True(row >= 0, $"Nothing at 0x{address:x}.");
        return (snapshot.Regions.Categories[row], snapshot.Regions.DetailText(row));
    }

    public static bool HasNote(this Snapshot snapshot, SnapshotNoteKind kind, string part) =>
        snapshot.Notes.Any(n => n.Kind == kind && n.Text.Contains(part, StringComparison.Ordinal));
}
