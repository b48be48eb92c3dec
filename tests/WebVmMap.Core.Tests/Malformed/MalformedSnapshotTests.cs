using System.IO.Compression;
using CsCheck;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Malformed;

public sealed class MalformedSnapshotTests
{
    private static readonly RawSnapshot s_right = new();
    private static readonly RawRegion s_region = new();

    private static readonly Dictionary<string, (RawSnapshot Snapshot, string Message)> s_wrong = new()
    {
        ["version"] = (s_right with { Version = 2 }, "version 2"),
        ["compression"] = (s_right with { Compression = 2 }, "compression 2"),
        ["not Brotli"] = (s_right with { Compression = 1 }, "Brotli"),
        ["length too long"] = (s_right with { LengthOff = 1 }, "bytes that are stated"),
        ["length too short"] = (s_right with { LengthOff = -1 }, "bytes that are stated"),
        ["bytes after the end"] = (s_right with { After = [0] }, "1 bytes follow"),
        ["no platform"] = (s_right with { Platform = 0 }, "platform 0"),
        ["platform"] = (s_right with { Platform = 3 }, "platform 3"),
        ["pid"] = (s_right with { Pid = 1UL << 31 }, "process id"),
        ["name beyond the end"] = (s_right with { NameLength = 30_000 }, "within the process name"),
        ["name too long"] = (s_right with { NameLength = 32_769, Name = new byte[32_769] }, "at most 32768"),
        ["not UTF-8"] = (s_right with { Name = [0xff] }, "UTF-8"),
        ["managed"] = (s_right with { Managed = 2 }, "managed flag"),
        ["start time"] = (s_right with { StartTime = ulong.MaxValue }, "start time"),
        ["private bytes"] = (s_right with { PrivateBytes = 1UL << 63 }, "private bytes"),
        ["taken at"] = (s_right with { TakenAt = 253_402_300_800_000 }, "years 1 and 9999"),
        ["elapsed"] = (s_right with { Elapsed = (1UL << 53) + 1 }, "elapsed"),
        ["counter"] = (s_right with { WorkingSet = (1UL << 63) + 1 }, "working set"),
        ["lowest beyond end"] = (s_right with { Lowest = 17, End = 16 }, "No address space"),
        ["end of 2^63"] = (s_right with { End = 1UL << 51 }, "No address space"),
        ["address too wide"] = (s_right with { End = 1UL << 52 }, "at most"),
        ["granularity below a page"] = (s_right with { Granularity = 2048 }, "granularity 2048"),
        ["granularity of no power"] = (s_right with { Granularity = 12_288 }, "granularity 12288"),
        ["granularity too large"] = (s_right with { Granularity = 1UL << 31 }, "granularity"),
        ["too many notes"] = (s_right with { Notes = Notes(1001) }, "at most 1000"),
        ["note kind 0"] = (s_right with { Notes = [1, 0, 0] }, "note kind 0"),
        ["note kind 4"] = (s_right with { Notes = [1, 4, 0] }, "note kind 4"),
        ["no texts"] = (s_right with { Texts = [0] }, "first text"),
        ["first text"] = (s_right with { Texts = [1, 1, (byte)'t'] }, "first text"),
        ["texts beyond the end"] = (s_right with { Texts = [0x80, 0x01, 0] }, "claims 128 texts"),
        ["too many texts"] = (s_right with { Texts = new RawBytes().Varint(1_000_001).Add(0).ToArray() }, "at most 1000000"),
        ["too many regions"] = (With(s_region with { Count = 4_000_001 }), "at most 4000000"),
        ["regions beyond the end"] = (With(s_region with { Count = 4_000_000 }), "claims 4000000 regions"),
        ["one region more"] = (With(s_region with { Count = 2 }), ""),
        ["size 0"] = (With(s_region with { Size = 0 }), "whole pages"),
        ["size of 2^63"] = (With(s_region with { Size = 1UL << 51 }), "end of the address space"),
        ["address of 2^64"] = (With(s_region with { Gap = 1UL << 52 }), "end of the address space"),
        ["end beyond 2^64"] = (With(s_region with { Gap = (1UL << 52) - 15 }), "end of the address space"),
        ["base below 0"] = (With(s_region with { Base = 0x402 }), "before address 0"),
        ["category 0"] = (With(s_region with { Category = 0 }), "category 0"),
        ["page table"] = (With(s_region with { Category = 8 }), "category 8"),
        ["category 11"] = (With(s_region with { Category = 11 }), "category 11"),
        ["category 256"] = (With(s_region with { Category = 256 }), "category 256"),
        ["protection 512"] = (With(s_region with { Protection = 512 }), "protection flags"),
        ["protection 65536"] = (With(s_region with { Protection = 65_536 }), "protection 65536"),
        ["text -1"] = (With(s_region with { Detail = 1 }), "text -1"),
        ["text 2 of 2"] = (With(s_region with { Detail = 4 }), "text 2 of 2"),
        ["text far off"] = (With(s_region with { Detail = ulong.MaxValue - 1 }), "text"),
        ["shift 13"] = (With(s_region with { Shift = 13 }), "shift"),
        ["committed below 0"] = (With(s_region with { Reserved = 34 }), "negative figure"),
        ["reserved too large"] = (With(s_region with { Reserved = ulong.MaxValue }), "too large"),
        ["private below 0"] = (With(s_region with { NotPrivate = 32 }), "negative figure"),
        ["committed wraps"] = (With(s_region with { Shift = 0, Reserved = ulong.MaxValue }), "negative figure"),
        ["figure of 2^63"] = (With(s_region with { PrivateWs = 1UL << 51 }), "too large"),
    };

    public static TheoryData<string> WrongNames => [.. s_wrong.Keys];

    public static TheoryData<string, byte[]> WrongNumbers => new()
    {
        { "not shortest", [0x84, 0x00] },
        { "zero not shortest", [0x80, 0x80, 0x00] },
        { "65 bits", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x03] },
        { "eleven bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01] },
        { "unfinished", [0x84] },
    };

    [Fact]
    public void Decode_RawSnapshotAsItStands_IsRead()
    {
        var snapshot = SnapshotCodec.Decode(s_right.ToBytes());
        Assert.Equal(4711, snapshot.Process.Key.Pid);
        var row = snapshot.Regions.Find(0x40_0000);
        var region = snapshot.Regions[row];
        Assert.Equal((65_536, 61_440, 57_344, 4096), (region.Size, region.Committed, region.Private, region.Swap));
        Assert.Equal("t", snapshot.Regions.DetailText(row));
    }

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void Decode_OneFieldWrong_NamesTheRule(string name)
    {
        var (snapshot, message) = s_wrong[name];
        var error = Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(snapshot.ToBytes()));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The other half of each limit: what is just within it is read.</summary>
    [Fact]
    public void Decode_FieldsAtTheirLimits_AreRead()
    {
        RawSnapshot[] right =
        [
            s_right with { Pid = int.MaxValue },
            s_right with { NameLength = 32_768, Name = new byte[32_768] },
            s_right with { TakenAt = 253_402_300_799_999 },
            s_right with { Elapsed = 1UL << 53 },
            s_right with { WorkingSet = 1UL << 63 },
            s_right with { PrivateBytes = long.MaxValue },
            s_right with { End = (1UL << 51) - 1 },
            s_right with { Lowest = 16, End = 16 },
            s_right with { Granularity = 1 << 30 },
            s_right with { Notes = Notes(1000) },
            With(s_region with { Gap = (1UL << 52) - 16 }),
            With(s_region with { Base = 0x401 }),
            With(s_region with { Base = 0 }),
            With(s_region with { Protection = 511 }),
            With(s_region with { Category = 10 }),
            With(s_region with { Reserved = 32, NotPrivate = 0 }),
            With(s_region with { Reserved = 1, NotPrivate = 1 }),
            With(s_region with { PrivateWs = (1UL << 51) - 1 }),
        ];
        Assert.All(right, snapshot => SnapshotCodec.Decode(snapshot.ToBytes()));
    }

    [Theory]
    [MemberData(nameof(WrongNumbers))]
    public void Decode_NumberOfWrongForm_IsRefused(string name, byte[] number)
    {
        Assert.NotEmpty(name);
        var error = Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode((s_right with { Regions = number }).ToBytes()));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RunLongerThanItsColumn_IsRefused()
    {
        var bytes = new RawBytes().Varint(2).Add(0, 2, 1, 1).Add(new byte[40]).ToArray();
        Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode((s_right with { Regions = bytes }).ToBytes()));
    }

    [Fact]
    public void Decode_NotASnapshot_SaysSo()
    {
        foreach (var data in new byte[][] { [], [(byte)'W'], "WVMX\u0001"u8.ToArray(), "PK\u0003\u0004"u8.ToArray() })
        {
            var error = Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(data));
            Assert.Contains("not a snapshot", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_CutAtAnyByte_IsRefused() => SnapshotGen.Any.Sample(
        snapshot =>
        {
            var whole = SnapshotCodec.Encode(snapshot);
            var body = Body(whole);
            for (var length = 0; length < whole.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(whole.AsSpan(0, length)));
            }
            for (var length = 0; length < body.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(Uncompressed(body.AsSpan(0, length))));
            }
        },
        iter: 10);

    [Fact]
    public void Decode_AnyByteOfTheBodyChanged_IsRefusedOrASnapshotOfItsOwn() =>
        Gen.Select(SnapshotGen.Any, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample(
            (snapshot, at, change) =>
            {
                var body = Body(SnapshotCodec.Encode(snapshot));
                body[at % body.Length] ^= change;
                if (Decoded(Uncompressed(body)) is { } other)
                {
                    Same.Snapshots(other, SnapshotCodec.Decode(SnapshotCodec.Encode(other)));
                }
            },
            iter: 3000);

    [Fact]
    public void Decode_AnyByteOfTheFileChanged_IsRefusedOrASnapshot() =>
        Gen.Select(SnapshotGen.Any, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample(
            (snapshot, at, change) =>
            {
                var bytes = SnapshotCodec.Encode(snapshot);
                bytes[at % bytes.Length] ^= change;
                Decoded(bytes);
            },
            iter: 1000);

    [Fact]
    public void Decode_AnyBytes_IsRefused() => Gen.Byte.Array[0, 300].Sample(bytes => Assert.Null(Decoded(Uncompressed(bytes))));

    [Theory]
    [InlineData("texts beyond the end")]
    [InlineData("too many texts")]
    [InlineData("regions beyond the end")]
    [InlineData("name beyond the end")]
    public void Decode_CountFarBeyondTheBytes_AllocatesNoneOfIt(string name)
    {
        var bytes = s_wrong[name].Snapshot.ToBytes();
        Assert.InRange(AllocatedBy(() => Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(bytes))), 0, 64 * 1024);
    }

    [Fact]
    public void Decode_LongRunsOfZeros_AllocateInProportionToTheBytes()
    {
        // The most rows that so many bytes can claim: one size byte for each, and runs for everything else.
        const ulong Rows = 100_000;
        var bytes = new RawBytes().Varint(Rows).Add(0).Varint(Rows - 1);
        bytes.Add([.. Enumerable.Repeat((byte)1, (int)Rows)]);
        var data = (s_right with { Regions = bytes.ToArray() }).ToBytes();
        Assert.InRange(AllocatedBy(() => Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(data))), 0, data.Length * 128L);
    }

    [Fact]
    public void Decode_BodyMuchLargerThanStated_StopsAtWhatIsStated()
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(new byte[100 * 1024 * 1024]);
        }
        byte[] data = [.. RawSnapshot.Head(1, 1, 1000), .. compressed.ToArray()];
        Assert.InRange(AllocatedBy(() => Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(data))), 0, 256 * 1024);
    }

    [Fact]
    public void Decode_BodyMuchSmallerThanStated_AllocatesWhatComes()
    {
        var whole = SnapshotCodec.Encode(SnapshotCodec.Decode(s_right.ToBytes()));
        byte[] compressed = Compress(Body(whole));
        byte[] data = [.. RawSnapshot.Head(1, 1, FormatLimits.MaxBodyBytes), .. compressed];
        Assert.InRange(AllocatedBy(() => Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(data))), 0, 256 * 1024);
        byte[] beyond = [.. RawSnapshot.Head(1, 1, FormatLimits.MaxBodyBytes + 1), .. compressed];
        var error = Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode(beyond));
        Assert.Contains("at most", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_BytesAfterTheBrotliStream_AreRefused()
    {
        var body = s_right.Body();
        byte[] right = [.. RawSnapshot.Head(1, 1, body.Length), .. Compress(body)];
        Assert.Equal(4711, SnapshotCodec.Decode(right).Process.Key.Pid);
        Assert.Throws<InvalidDataException>(() => SnapshotCodec.Decode([.. right, 0]));
    }

    private static RawSnapshot With(RawRegion region) => s_right with { Regions = region.ToBytes() };

    private static byte[] Notes(int count)
    {
        var bytes = new RawBytes().Varint((ulong)count);
        for (var i = 0; i < count; i++)
        {
            bytes.Add(1, 0);
        }
        return bytes.ToArray();
    }

    private static Snapshot? Decoded(byte[] data)
    {
        try
        {
            return SnapshotCodec.Decode(data);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Uncompressed(ReadOnlySpan<byte> body) => [.. RawSnapshot.Head(1, 0, body.Length), .. body];

    private static byte[] Compress(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(body);
        }
        return compressed.ToArray();
    }

    /// <summary>The body of an encoded snapshot, by means other than the codec's own.</summary>
    private static byte[] Body(byte[] data)
    {
        var start = 6;
        while (data[start++] > 127)
        {
        }
        if (data[5] == 0)
        {
            return data[start..];
        }
        using var brotli = new BrotliStream(new MemoryStream(data, start, data.Length - start), CompressionMode.Decompress);
        using var body = new MemoryStream();
        brotli.CopyTo(body);
        return body.ToArray();
    }

    private static long AllocatedBy(Action action)
    {
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
