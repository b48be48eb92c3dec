using CsCheck;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Snapshots;

public sealed class FrameTests
{
    [Fact]
    public void Apply_AnySequenceOfSnapshots_FollowsIt() => Gen.Select(SnapshotGen.Any.Array[1, 6], Gen.Bool).Sample((snapshots, includeGaps) =>
    {
        var encoder = new FrameEncoder(includeGaps);
        var decoder = new FrameDecoder(snapshots[0].Process);
        foreach (var snapshot in snapshots)
        {
            Assert.Equal(FrameOutcome.Applied, decoder.Apply(encoder.Next(snapshot)));
            Assert.Equal(encoder.Sequence, decoder.Sequence);
            Same.Samples(snapshot, decoder.Current!);
        }
    });
}
