using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Short ways to look at a process and at one of its regions.</summary>
internal static class Probing
{
    public static IHostProbe Host { get; } = HostProbe.ForThisMachine();

    public static IProcessProbe Open(int pid)
    {
        var opened = Host.Open(pid, null);
        Assert.True(opened.TryGet(out var probe), opened.Message);
        return probe;
    }

    public static Snapshot Snapshot(int pid)
    {
        using var probe = Open(pid);
        return Snapshot(probe);
    }

    public static Snapshot Snapshot(IProcessProbe probe)
    {
        var taken = probe.TakeSnapshot(CancellationToken.None);
        Assert.True(taken.TryGet(out var snapshot), taken.Message);
        return snapshot;
    }

    public static ulong Address(string text) => ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The region that holds an address; there must be one.</summary>
    public static int RowAt(this Snapshot snapshot, ulong address)
    {
        var row = snapshot.Regions.Find(address);
        Assert.True(row >= 0, $"No region holds 0x{address:x}.");
        return row;
    }

    public static RegionCategory CategoryAt(this Snapshot snapshot, ulong address) => snapshot.Regions.Categories[snapshot.RowAt(address)];

    public static string DetailAt(this Snapshot snapshot, ulong address) => snapshot.Regions.DetailText(snapshot.RowAt(address));
}
