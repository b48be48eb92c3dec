using CsCheck;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Snapshots;

public sealed class SnapshotCodecTests
{
    [Fact]
    public void Decode_AnyEncodedSnapshot_GivesItBack() => SnapshotGen.Any.Sample(
        snapshot => Same.Snapshots(snapshot, SnapshotCodec.Decode(SnapshotCodec.Encode(snapshot))));

    [Fact]
    public void Encode_DecodedSnapshot_GivesTheSameBytes() => SnapshotGen.Any.Sample(snapshot =>
    {
        var bytes = SnapshotCodec.Encode(snapshot);
        Assert.Equal(bytes, SnapshotCodec.Encode(snapshot));
        Assert.Equal(bytes, SnapshotCodec.Encode(SnapshotCodec.Decode(bytes)));
    });
}
