using CsCheck;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Diffs;

public sealed class DiffCodecTests
{
    [Fact]
    public void Decode_OfEncode_GivesTheSameRows() => DiffGen.Any.Sample(diff =>
    {
        var sent = DiffCodec.Decode(DiffCodec.Encode(diff));
        Assert.Equal(diff.Before.Platform, sent.Platform);
        Assert.Equal((diff.Before.Bounds, diff.After.Bounds), (sent.BoundsBefore, sent.BoundsAfter));
        Assert.Equal(diff.Regions.Count, sent.Regions.Count);
        for (var row = 0; row < diff.Regions.Count; row++)
        {
            Assert.Equal(Plain(diff.Regions[row]), Plain(sent.Regions[row]));
        }
        Assert.Equal(diff.Regions.FirstRegion.ToArray(), sent.Regions.FirstRegion.ToArray());
        Assert.Equal(diff.Regions.AllocationChanges.ToArray(), sent.Regions.AllocationChanges.ToArray());
        Assert.Equal(diff.Regions.AllocationAspects.ToArray(), sent.Regions.AllocationAspects.ToArray());
    });

    [Fact]
    public void Apply_OfWhatWasSent_GivesTheNewer() => DiffGen.Any.Sample(diff =>
    {
        var sent = DiffCodec.Decode(DiffCodec.Encode(diff)).Regions;
        Same.Tables(diff.Regions.Apply(diff.Before.Regions), sent.Apply(sent.Before));
    });

    [Fact]
    public void Decode_OfDamagedBytes_IsOneError() => Gen.Select(DiffGen.Any, Gen.Int[0, int.MaxValue], Gen.Byte).Sample((diff, at, value) =>
    {
        var bytes = DiffCodec.Encode(diff);
        at %= bytes.Length;
        if (bytes[at] == value)
        {
            return;
        }
        bytes[at] = value;
        Refuse(bytes, mayDecode: true);
    });

    [Fact]
    public void Decode_OfBytesThatEnd_IsRefused() => Gen.Select(DiffGen.Any, Gen.Int[0, int.MaxValue]).Sample((diff, at) =>
    {
        var bytes = DiffCodec.Encode(diff);
        Refuse(bytes[..(at % bytes.Length)], mayDecode: false);
    });

    [Fact]
    public void Encode_OfOneProcessTwice_TakesLittleMoreThanTheProcess()
    {
        var snapshot = Testing.BigProcess.Take(10_000);
        var alone = new Core.Snapshots.FrameEncoder(includeGaps: false).Key(snapshot).Length;
        var diff = DiffCodec.Encode(SnapshotDiff.Between(snapshot, Testing.BigProcess.After(snapshot, 1), sameHost: true));
        Assert.InRange(diff.Length, alone, alone * 1.1 + (10_000 * 0.5));
    }

    private static void Refuse(byte[] bytes, bool mayDecode)
    {
        try
        {
            var sent = DiffCodec.Decode(bytes).Regions;
            // What is accepted holds together.
            Assert.True(mayDecode);
            Assert.Equal(sent.After.Count, sent.Apply(sent.Before).Count);
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    /// <summary>A row without the numbers of its texts, which differ: the texts are compared themselves.</summary>
    private static DiffRow Plain(DiffRow row) => row with
    {
        Before = row.Before is { } before ? before with { Detail = 0 } : null,
        After = row.After is { } after ? after with { Detail = 0 } : null,
    };
}
