using System.Collections.Immutable;
using CsCheck;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Snapshots;

public sealed class FrameTests
{
    private static readonly ProcessInfo s_process = new() { Key = new ProcessKey(4711, 1), Name = "p" };

    [Fact]
    public void Apply_AnySequenceOfSnapshots_FollowsIt() =>
        Gen.Select(SnapshotGen.Any.Array[1, 6], Gen.Bool).Sample((snapshots, includeGaps) => Follow(snapshots, includeGaps));

    [Fact]
    public void Apply_AProcessThatChanges_FollowsIt() =>
        Gen.Select(Evolution.Any, Gen.Bool).Sample((snapshots, includeGaps) => Follow(snapshots, includeGaps), iter: 1000);

    [Fact]
    public void Next_AnySnapshots_GivesTheSameBytesAgain() => Evolution.Any.Sample(snapshots =>
    {
        var one = new FrameEncoder(includeGaps: false);
        var other = new FrameEncoder(includeGaps: false);
        Assert.All(snapshots, snapshot => Assert.Equal(one.Next(snapshot), other.Next(snapshot)));
    });

    [Fact]
    public void Next_AnySnapshots_IsNeverLargerThanAKeyFrame() => Gen.Select(Evolution.Any, Gen.Bool).Sample((snapshots, includeGaps) =>
    {
        var encoder = new FrameEncoder(includeGaps);
        foreach (var snapshot in snapshots)
        {
            // A key frame of the same number, so that only the content counts.
            var keys = new FrameEncoder(includeGaps);
            for (var i = 0; i < encoder.Sequence; i++)
            {
                keys.Key(snapshot);
            }
            Assert.InRange(encoder.Next(snapshot).Length, 1, keys.Key(snapshot).Length);
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Next_NothingChanged_IsADeltaWithoutRows(bool includeGaps)
    {
        var snapshot = Take(1000);
        var encoder = new FrameEncoder(includeGaps);
        var key = encoder.Next(snapshot);
        var delta = encoder.Next(snapshot);
        Assert.True(IsKey(key));
        Assert.False(IsKey(delta));
        Assert.InRange(delta.Length, 1, 64);
        Assert.Equal(2, encoder.Sequence);
    }

    [Fact]
    public void Next_OneRegionOfManyChanged_SendsThatOne()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        encoder.Next(Take(1000));
        Assert.InRange(encoder.Next(Take(1000, changed: 500)).Length, 1, 96);
    }

    [Fact]
    public void Next_TextsBeginAnew_IsAKeyFrame()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        encoder.Next(Take(1000, texts: ["", "a"]));
        Assert.False(IsKey(encoder.Next(Take(1000, texts: ["", "a", "b"]))));
        Assert.True(IsKey(encoder.Next(Take(1000, texts: ["", "a"]))));
        Assert.True(IsKey(encoder.Next(Take(1000, texts: ["", "x", "b"]))));
    }

    [Fact]
    public void Next_OtherBounds_IsAKeyFrame()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        encoder.Next(Take(1000));
        Assert.True(IsKey(encoder.Next(Take(1000, bounds: SnapshotGen.WindowsBounds))));
    }

    [Fact]
    public void Key_InTheMiddle_IsAKeyFrameThatAnyoneCanStartFrom()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        encoder.Next(Take(100));
        encoder.Next(Take(100, changed: 1));
        var key = encoder.Key(Take(100, changed: 2));
        var late = new FrameDecoder(s_process);
        Assert.Equal(FrameOutcome.Applied, late.Apply(key));
        Assert.Equal(3, late.Sequence);
        Assert.Equal(FrameOutcome.Applied, late.Apply(encoder.Next(Take(100, changed: 3))));
        Same.Tables(Take(100, changed: 3).Regions, late.Current!.Regions);
        Assert.Same(s_process, late.Current.Process);
    }

    [Fact]
    public void KeyAt_AnyFrameOfAStream_LetsAReaderJoinThere() => Gen.Select(Evolution.Any, Gen.Bool).Sample((snapshots, includeGaps) =>
    {
        var encoder = new FrameEncoder(includeGaps);
        var readers = new List<FrameDecoder>();
        foreach (var snapshot in snapshots)
        {
            var frame = encoder.Next(snapshot);
            Assert.All(readers, reader => Assert.Equal(FrameOutcome.Applied, reader.Apply(frame)));
            var late = new FrameDecoder(s_process);
            Assert.Equal(FrameOutcome.Applied, late.Apply(FrameEncoder.KeyAt(snapshot, encoder.Sequence, includeGaps)));
            readers.Add(late);
            Assert.All(readers, reader => Same.Samples(snapshot, reader.Current!));
        }
    });

    [Fact]
    public void Apply_DeltaOnAFrameThatIsNotHeld_AsksForAKeyFrameAndChangesNothing()
    {
        var encoder = new FrameEncoder(includeGaps: false);
        var key = encoder.Next(Take(100));
        var second = encoder.Next(Take(100, changed: 1));
        var third = encoder.Next(Take(100, changed: 2));

        var decoder = new FrameDecoder(s_process);
        Assert.Equal(FrameOutcome.NeedsKeyFrame, decoder.Apply(second));
        Assert.Null(decoder.Current);

        decoder.Apply(key);
        var held = decoder.Current;
        Assert.Equal(FrameOutcome.NeedsKeyFrame, decoder.Apply(third));
        Assert.Same(held, decoder.Current);
        Assert.Equal(1, decoder.Sequence);

        Assert.Equal(FrameOutcome.Applied, decoder.Apply(second));
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(third));
        Assert.Equal(FrameOutcome.NeedsKeyFrame, decoder.Apply(third));
    }

    [Fact]
    public void Next_TextsOfAllFramesTogether_AreLimited()
    {
        var half = ImmutableArray.Create([.. Enumerable.Repeat(new string('x', FormatLimits.MaxTextBytes), 1024)]).Insert(0, "");
        var encoder = new FrameEncoder(includeGaps: false);
        var decoder = new FrameDecoder(s_process);
        decoder.Apply(encoder.Next(Take(1, texts: half)));
        var whole = half.AddRange(half[1..]);
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(encoder.Next(Take(1, texts: whole))));
        Assert.Equal(2049, decoder.Current!.Regions.Strings.Length);

        var error = Assert.Throws<ArgumentException>(() => encoder.Next(Take(1, texts: whole.Add("x"))));
        Assert.Contains("67108864", error.Message, StringComparison.Ordinal);

        // A sender without that limit: its delta is refused.
        var head = new FrameEncoder(includeGaps: false);
        head.Key(Take(1, texts: ["", "t"]));
        head.Key(Take(1, texts: ["", "t"]));
        var delta = head.Next(Take(1, texts: ["", "t", "y"]));
        var at = delta.AsSpan().LastIndexOf([(byte)2, (byte)1, (byte)1, (byte)'y']);
        byte[] forged = [.. delta[..at], 0x81, 0x10, .. delta[(at + 1)..]];
        Assert.Throws<InvalidDataException>(() => decoder.Apply(forged));
    }

    private static void Follow(Snapshot[] snapshots, bool includeGaps)
    {
        var encoder = new FrameEncoder(includeGaps);
        var decoder = new FrameDecoder(snapshots[0].Process);
        foreach (var snapshot in snapshots)
        {
            Assert.Equal(FrameOutcome.Applied, decoder.Apply(encoder.Next(snapshot)));
            Assert.Equal(encoder.Sequence, decoder.Sequence);
            Same.Samples(snapshot, decoder.Current!);
        }
    }

    private static bool IsKey(byte[] frame) => frame[1] == 1;

    private static Snapshot Take(int regions, int changed = -1, ImmutableArray<string>? texts = null, AddressSpaceBounds? bounds = null)
    {
        var builder = new RegionTableBuilder();
        for (var i = 0; i < regions; i++)
        {
            builder.Add(new Region
            {
                Address = 0x10_0000 + (ulong)i * 0x4_0000,
                Size = 0x1_0000,
                AllocationBase = 0x10_0000 + (ulong)i * 0x4_0000,
                Category = RegionCategory.Heap,
                Protection = Protection.Read | Protection.Write,
                Committed = 0x1_0000,
                Private = 0x1_0000,
                PrivateWs = i == changed ? 0x8000 : 0x4000,
            });
        }
        return new Snapshot(builder.Build(texts ?? [""]), bounds ?? SnapshotGen.LinuxBounds)
        {
            Platform = HostPlatform.Linux,
            Process = s_process,
            TakenAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
        };
    }
}
