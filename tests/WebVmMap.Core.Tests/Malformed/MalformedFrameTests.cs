using CsCheck;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Malformed;

public sealed class MalformedFrameTests
{
    private static readonly ProcessInfo s_process = new() { Key = new ProcessKey(1, 1), Name = "p" };

    // Taken at, two costs, six counters; then notes; then platform and bounds of a key frame.
    private static readonly byte[] s_sample = new RawBytes().Varint(1_000_000_000_000, 1, 1, 0, 0, 0, 0, 0, 0).ToArray();
    private static readonly byte[] s_bounds = new RawBytes().Add(1).Varint(16, 0x7_ffff_ffff, 4096).ToArray();
    private static readonly byte[] s_texts = [0, 2, 0, 1, (byte)'t'];
    private static readonly byte[] s_noTexts = [2, 0];
    // Each of the eight bytes columns has its shift, even of no values.
    private static readonly byte[] s_noRegions = new byte[9];
    private static readonly byte[] s_region = new RawRegion().ToBytes();
    private static readonly byte[] s_right = Key();

    private static readonly Dictionary<string, (byte[] Frame, string Message)> s_wrong = new()
    {
        ["empty"] = ([], "version"),
        ["version"] = ([2, .. s_right[1..]], "version 2"),
        ["kind 0"] = (Frame(0, 1, 0, []), "kind 0"),
        ["kind 3"] = (Frame(3, 2, 1, []), "kind 3"),
        ["key frame 0"] = (Key(sequence: 0), "number 0"),
        ["key frame with a base"] = (Key(based: 1), "on number 1"),
        ["delta on a later one"] = (Delta(sequence: 2, based: 2), "on number 2"),
        ["too many notes"] = (Key(notes: Notes(1001)), "at most 1000"),
        ["more notes than bytes"] = (Key(notes: new RawBytes().Varint(900).ToArray()), "claims 900 notes"),
        ["note kind 0"] = (Key(notes: [1, 0, 0]), "note kind 0"),
        ["note kind 4"] = (Key(notes: [1, 4, 0]), "note kind 4"),
        ["note not UTF-8"] = (Key(notes: [1, 1, 1, 0xff]), "note is not valid UTF-8"),
        ["note too long"] = (Key(notes: new RawBytes().Add(1, 1).Varint(32_769).Add(new byte[32_769]).ToArray()), "at most 32768"),
        ["delta's note kind"] = (Delta(notes: [1, 9, 0]), "note kind 9"),
        ["key frame's texts begin later"] = (Key(texts: [1, 0]), "begin at 1"),
        ["key frame without texts"] = (Key(texts: [0, 0]), "first text"),
        ["key frame removes"] = (Key(removed: [1, 1]), "removed"),
        ["delta's texts begin anew"] = (Delta(texts: s_texts), "begin at 0"),
        ["delta's texts leave one out"] = (Delta(texts: [3, 0]), "begin at 3"),
        ["delta's text index"] = (Delta(regions: (new RawRegion() with { Detail = 4 }).ToBytes()), "text 2 of 2"),
        ["removed does not exist"] = (Delta(removed: [1, 5]), "does not exist"),
        ["removed beyond the end"] = (Delta(removed: new RawBytes().Varint(4_000_000).ToArray()), "claims 4000000"),
        ["removed twice"] = (Delta(removed: new RawBytes().Varint(2, 0x400).Add(0, 0).ToArray()), "ascend"),
        ["removed wraps"] = (Delta(removed: new RawBytes().Varint(2, 0x400, ulong.MaxValue).ToArray()), "ascend"),
        ["inserted over the next"] = (Delta(regions: (new RawRegion() with { Gap = 0x3ff, Size = 2 }).ToBytes()), "begins before the end"),
        ["inserted within another"] = (Delta(regions: Page(0x401)), "begins before the end"),
        ["bytes after the end"] = ([.. s_right, 0], "follow"),
        ["bytes after a delta"] = ([.. Delta(), 0], "follow"),
    };

    public static TheoryData<string> WrongNames => [.. s_wrong.Keys];

    [Fact]
    public void Apply_RawFramesAsTheyStand_AreRead()
    {
        var decoder = new FrameDecoder(s_process);
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(s_right));
        var kept = decoder.Current!;
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(Delta(regions: Page(0x3ff))));
        Assert.Equal(kept.Regions.Count + 1, decoder.Current!.Regions.Count);
        var removed = new RawBytes().Varint(2, 0x3ff, 1).ToArray();
        Assert.Equal(FrameOutcome.Applied, decoder.Apply(Delta(sequence: 3, based: 2, removed: removed, regions: s_noRegions)));
        Assert.Equal(1, decoder.Current!.Regions.Count);
    }

    [Fact]
    public void Apply_NotesOfDelta_ReplaceThoseBefore()
    {
        var decoder = new FrameDecoder(s_process);
        decoder.Apply(Key(notes: Notes(1000)));
        Assert.Equal(1000, decoder.Current!.Notes.Length);
        decoder.Apply(Delta(notes: [1, 2, 1, (byte)'n']));
        Assert.Equal([new SnapshotNote(SnapshotNoteKind.Limitation, "n")], decoder.Current.Notes);
        decoder.Apply(Delta(sequence: 3, based: 2));
        Assert.Empty(decoder.Current.Notes);
    }

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void Apply_OneFieldWrong_NamesTheRuleAndChangesNothing(string name)
    {
        var (frame, message) = s_wrong[name];
        var decoder = new FrameDecoder(s_process);
        decoder.Apply(s_right);
        var (current, sequence) = (decoder.Current, decoder.Sequence);
        var error = Assert.Throws<InvalidDataException>(() => decoder.Apply(frame));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Same(current, decoder.Current);
        Assert.Equal(sequence, decoder.Sequence);
    }

    [Fact]
    public void Apply_CutAtAnyByte_IsRefusedAndChangesNothing() => Evolution.Any.Sample(
        snapshots =>
        {
            var encoder = new FrameEncoder(includeGaps: true);
            var decoder = new FrameDecoder(s_process);
            foreach (var snapshot in snapshots)
            {
                var frame = encoder.Next(snapshot);
                var before = decoder.Current;
                for (var length = 0; length < frame.Length; length++)
                {
                    Assert.Throws<InvalidDataException>(() => decoder.Apply(frame.AsSpan(0, length)));
                    Assert.Same(before, decoder.Current);
                }
                Assert.Equal(FrameOutcome.Applied, decoder.Apply(frame));
            }
        },
        iter: 10);

    [Fact]
    public void Apply_AnyByteChanged_IsRefusedOrGivesAPictureOfItsOwn() =>
        Gen.Select(Evolution.Any, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255], Gen.Bool).Sample(
            (snapshots, at, change, includeGaps) =>
            {
                var encoder = new FrameEncoder(includeGaps);
                var decoder = new FrameDecoder(s_process);
                foreach (var snapshot in snapshots)
                {
                    var right = encoder.Next(snapshot);
                    var wrong = right.ToArray();
                    wrong[at % wrong.Length] ^= change;
                    if (TryApply(decoder, wrong))
                    {
                        var other = decoder.Current!;
                        Same.Snapshots(other, SnapshotCodec.Decode(SnapshotCodec.Encode(other)));
                        return;
                    }
                    Assert.Equal(FrameOutcome.Applied, decoder.Apply(right));
                }
            },
            iter: 2000);

    [Fact]
    public void Apply_CountFarBeyondTheBytes_AllocatesNoneOfIt()
    {
        var decoder = new FrameDecoder(s_process);
        decoder.Apply(s_right);
        var frame = s_wrong["removed beyond the end"].Frame;
        Assert.Throws<InvalidDataException>(() => decoder.Apply(frame));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => decoder.Apply(frame));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    private static bool TryApply(FrameDecoder decoder, byte[] frame)
    {
        try
        {
            return decoder.Apply(frame) == FrameOutcome.Applied;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Notes(int count)
    {
        var bytes = new RawBytes().Varint((ulong)count);
        for (var i = 0; i < count; i++)
        {
            bytes.Add(1, 0);
        }
        return bytes.ToArray();
    }

    private static byte[] Key(ulong sequence = 1, ulong based = 0, byte[]? notes = null, byte[]? texts = null, byte[]? removed = null) =>
        Frame(1, sequence, based, [.. notes ?? [0], .. s_bounds, .. texts ?? s_texts, .. removed ?? [0], .. s_region]);

    private static byte[] Page(ulong page) => new RawRegion { Gap = page, Size = 1, Reserved = 0, NotPrivate = 0 }.ToBytes();

    private static byte[] Delta(
        ulong sequence = 2, ulong based = 1, byte[]? notes = null, byte[]? texts = null, byte[]? removed = null, byte[]? regions = null) =>
        Frame(2, sequence, based, [.. notes ?? [0], .. texts ?? s_noTexts, .. removed ?? [0], .. regions ?? s_region]);

    private static byte[] Frame(byte kind, ulong sequence, ulong based, byte[] rest) =>
        new RawBytes().Add(1, kind).Varint(sequence, based).Add(s_sample).Add(rest).ToArray();
}
