using System.Collections.Immutable;
using System.Text;
using CsCheck;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
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

    [Fact]
    public void Encode_ManyRegions_ReadsBack()
    {
        var builder = new RegionTableBuilder();
        for (var i = 0; i < 200_000; i++)
        {
            builder.Add(Region(0x1000_0000 + (ulong)i * 0x3000) with { PrivateWs = i % 2 * 4096 });
        }
        var snapshot = Take(builder.Build([""]));
        Same.Snapshots(snapshot, SnapshotCodec.Decode(SnapshotCodec.Encode(snapshot)));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ä")]
    [InlineData("日")]
    [InlineData("🗺")]
    public void Encode_TextLongerThanTheLimit_IsCutBetweenCharacters(string character)
    {
        var whole = new StringBuilder().Insert(0, character, FormatLimits.MaxTextBytes + 1).ToString();
        var read = SnapshotCodec.Decode(SnapshotCodec.Encode(Take(Table(["", whole])))).Regions.Strings[1];
        Assert.EndsWith("…", read, StringComparison.Ordinal);
        Assert.StartsWith(read[..^1], whole, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(read), FormatLimits.MaxTextBytes - 4, FormatLimits.MaxTextBytes);
    }

    [Fact]
    public void Encode_TextAtTheLimit_IsKeptWhole()
    {
        var whole = new string('x', FormatLimits.MaxTextBytes);
        Assert.Equal(whole, SnapshotCodec.Decode(SnapshotCodec.Encode(Take(Table(["", whole])))).Regions.Strings[1]);
    }

    [Fact]
    public void Encode_HalfASurrogatePair_IsWrittenAsTheReplacementCharacter() =>
        Assert.Equal("a\uFFFDb", SnapshotCodec.Decode(SnapshotCodec.Encode(Take(Table(["", "a\uD800b"])))).Regions.Strings[1]);

    [Fact]
    public void Encode_TextsBeyondTheirNumber_AreRefused()
    {
        var most = ImmutableArray.Create([.. Enumerable.Repeat("", FormatLimits.MaxTexts)]);
        Assert.Equal(most.Length, SnapshotCodec.Decode(SnapshotCodec.Encode(Take(Table(most)))).Regions.Strings.Length);
        Assert.Throws<ArgumentException>(() => SnapshotCodec.Encode(Take(Table(most.Add("")))));
    }

    [Fact]
    public void Encode_NotesBeyondTheirNumber_AreRefused()
    {
        var most = ImmutableArray.Create([.. Enumerable.Repeat(new SnapshotNote(SnapshotNoteKind.Method, "n"), FormatLimits.MaxNotes)]);
        Assert.Equal(most, SnapshotCodec.Decode(SnapshotCodec.Encode(Take(Table([""]), notes: most))).Notes);
        Assert.Throws<ArgumentException>(() => SnapshotCodec.Encode(Take(Table([""]), notes: most.Add(most[0]))));
    }

    [Fact]
    public void Encode_WhatTheFormatCannotSay_IsRefused()
    {
        var table = Table([""]);
        Snapshot[] wrong =
        [
            Take(table, platform: HostPlatform.Unspecified),
            Take(table, takenAt: DateTimeOffset.UnixEpoch.AddMilliseconds(-1)),
            Take(table, cost: new SnapshotCost(-1, 0)),
            Take(table, cost: new SnapshotCost(0, double.NaN)),
            Take(table, counters: new ProcessCounters { Swap = -1 }),
            Take(table, process: new ProcessInfo { Key = new ProcessKey(-1, 0), Name = "" }),
            Take(table, process: new ProcessInfo { Key = new ProcessKey(1, 0), Name = "", PrivateBytes = -1 }),
            Take(Table(["not empty"])),
        ];
        Assert.All(wrong, snapshot => Assert.Throws<ArgumentException>(() => SnapshotCodec.Encode(snapshot)));
    }

    private static Region Region(ulong address) => new()
    {
        Address = address,
        Size = 8192,
        AllocationBase = address,
        Category = RegionCategory.PrivateData,
        Committed = 8192,
    };

    private static RegionTable Table(ImmutableArray<string> texts)
    {
        var builder = new RegionTableBuilder();
        builder.Add(Region(0x10_0000));
        return builder.Build(texts);
    }

    private static Snapshot Take(
        RegionTable table,
        HostPlatform platform = HostPlatform.Linux,
        DateTimeOffset? takenAt = null,
        SnapshotCost cost = default,
        ProcessCounters counters = default,
        ProcessInfo? process = null,
        ImmutableArray<SnapshotNote>? notes = null) => new(table, SnapshotGen.LinuxBounds)
        {
            Platform = platform,
            Process = process ?? new ProcessInfo { Key = new ProcessKey(1, 1), Name = "p" },
            TakenAt = takenAt ?? DateTimeOffset.UnixEpoch,
            Cost = cost,
            Counters = counters,
            Notes = notes ?? [],
        };
}
