using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests;

/// <summary>Compares by value, naming the first difference.</summary>
internal static class Same
{
    public static void Tables(RegionTable expected, RegionTable actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var row = 0; row < expected.Count; row++)
        {
            // The text counts, and not the index of it.
            Assert.Equal(expected[row] with { Detail = 0 }, actual[row] with { Detail = 0 });
            Assert.Equal(expected.DetailText(row), actual.DetailText(row));
        }
    }

    public static void Snapshots(Snapshot expected, Snapshot actual)
    {
        Samples(expected, actual);
        Assert.Equal(expected.Process, actual.Process);
    }

    /// <summary>What a frame carries of a snapshot.</summary>
    public static void Samples(Snapshot expected, Snapshot actual)
    {
        Assert.Equal(expected.Platform, actual.Platform);
        Assert.Equal(expected.Bounds, actual.Bounds);
        Assert.Equal(expected.TakenAt, actual.TakenAt);
        Assert.Equal(expected.Cost, actual.Cost);
        Assert.Equal(expected.Counters, actual.Counters);
        Assert.Equal(expected.Notes, actual.Notes);
        Tables(expected.Regions, actual.Regions);
    }
}
