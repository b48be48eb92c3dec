using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Core.Tests.Snapshots;

/// <summary>What a region costs at rest and on the wire; benchmarks/ prints the figures themselves.</summary>
public sealed class ByteEconomyTests
{
    private const int Regions = 20_000;

    private readonly Snapshot _before = BigProcess.Take(Regions);

    [Fact]
    public void Encode_BigProcess_TakesLessThanSixBytesARegion() =>
        Assert.InRange(SnapshotCodec.Encode(_before).Length, Regions, 6 * Regions);

    [Fact]
    public void Next_OneRegionInAHundredChanged_TakesAHundredthOfAKeyFrame()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        var key = encoder.Next(_before);
        var delta = encoder.Next(BigProcess.After(_before, 1));
        Assert.InRange(key.Length, Regions, 12 * Regions);
        Assert.InRange(delta.Length, Regions / 100, key.Length / 80);
    }
}
