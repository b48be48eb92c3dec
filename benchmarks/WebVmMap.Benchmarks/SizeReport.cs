using System.Globalization;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks;

/// <summary>Bytes per region at rest and on the wire.</summary>
internal static class SizeReport
{
    public static void Print()
    {
        foreach (var regions in new[] { 300, 10_000, 100_000 })
        {
            var snapshot = BigProcess.Take(regions);
            var used = BigProcess.Build(regions).Count;
            var changed = BigProcess.After(snapshot, 1);
            var encoder = new FrameEncoder(includeGaps: false);
            Line("snapshot at rest", used, SnapshotCodec.Encode(snapshot).Length);
            Line("key frame", used, encoder.Key(snapshot).Length);
            Line("delta of 1 %", used, encoder.Next(changed).Length);
        }
    }

    private static void Line(string what, int regions, int bytes) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-18}{regions,9:n0} regions {bytes,11:n0} bytes {(double)bytes / regions,8:f2} bytes/region"));
}
