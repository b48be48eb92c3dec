using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingCodecTests
{
    [Fact]
    public void Decode_AnyEncodedInterval_GivesItBack() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        foreach (var interval in new RecordedProgram(seed).Intervals)
        {
            var bytes = RecordingCodec.Encode(interval);
            var read = RecordingCodec.Decode(bytes);
            Assert.Equal((interval.Index, interval.EndedAt, interval.Health), (read.Index, read.EndedAt, read.Health));
            Assert.Equal(interval.Modules, read.Modules);
            Assert.Equal(interval.Frames, read.Frames);
            Assert.Equal(interval.Nodes, read.Nodes);
            Assert.Equal(interval.Sites, read.Sites);
            Assert.Equal(interval.Symbols.Select(symbols => (symbols.Frame, symbols.Module, string.Join('|', symbols.Lines))), read.Symbols.Select(symbols => (symbols.Frame, symbols.Module, string.Join('|', symbols.Lines))));
            Assert.Equal(interval.Allocated, read.Allocated);
            Assert.Equal(interval.Freed, read.Freed);
            Assert.Equal(bytes, RecordingCodec.Encode(read));
        }
    });

    [Fact]
    public void Decode_BytesThatWereChanged_AreReadOrRefusedWithAReason() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Sample((seed, change) =>
    {
        var random = new Random(change);
        var intervals = new RecordedProgram(seed).Intervals;
        var state = new RecordingState();
        foreach (var interval in intervals)
        {
            var bytes = RecordingCodec.Encode(interval);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            try
            {
                state.Apply(RecordingCodec.Decode(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)));
                Assert.All(Enumerable.Range(0, state.Sites.Count), site => Assert.True(state.FiguresOf(site) is { LiveBytes: >= 0, LiveBlocks: >= 0 }));
            }
            catch (InvalidDataException ex)
            {
                Assert.NotEmpty(ex.Message);
                return;
            }
        }
    });

    [Fact]
    public void Decode_CountWithoutTheBytesForIt_IsRefusedBeforeRoomIsMade()
    {
        var empty = new RecordingInterval { Index = 0, EndedAt = DateTimeOffset.UnixEpoch, Health = new RecordingHealth() };
        var bytes = RecordingCodec.Encode(empty);
        // The last two columns are empty, so the last byte but one is the count of allocations.
        byte[] hostile = [.. bytes[..^2], 0x80, 0x80, 0x80, 0x04];
        var error = Assert.Throws<InvalidDataException>(() => RecordingCodec.Decode(hostile));
        Assert.Contains("bytes are left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_AnotherVersion_IsRefused() =>
        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => RecordingCodec.Decode([2])).Message, StringComparison.Ordinal);

    [Fact]
    public void Encode_AFrameNameThatIsToldOften_TakesItsTextOnce()
    {
        var name = new string('n', 1000);
        var interval = new RecordingInterval
        {
            Index = 0,
            EndedAt = DateTimeOffset.UnixEpoch,
            Health = new RecordingHealth(),
            Frames = [.. Enumerable.Range(0, 100).Select(i => new RecordedFrame(-1, (ulong)i))],
            Symbols = [.. Enumerable.Range(0, 100).Select(i => new FrameSymbols(i, [new CodeLine(name, name, i)]))],
        };
        Assert.InRange(RecordingCodec.Encode(interval).Length, 1000, 1000 + (100 * 8) + 50);
    }
}
