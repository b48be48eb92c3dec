using System.Collections.Immutable;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Snapshots;

/// <summary>
/// Follows one stream of frames (docs/formats.md "Frame") from an untrusted sender. A frame is applied wholly or not at all.
/// One per stream; not thread-safe, but the snapshots it gives are.
/// </summary>
/// <param name="process">The process that the stream is about; frames do not repeat it.</param>
public sealed class FrameDecoder(ProcessInfo process)
{
    internal const byte Version = 1;

    private long _textBytes;

    /// <summary>The newest picture; null before the first key frame.</summary>
    public Snapshot? Current { get; private set; }

    /// <summary>The sequence number of the newest picture; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Applies the next frame.</summary>
    /// <returns>Whether it was applied, or changes a frame that is not held.</returns>
    /// <exception cref="InvalidDataException">It breaks a rule of the format, which the message names. The state is as before.</exception>
    public FrameOutcome Apply(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > FormatLimits.MaxBodyBytes)
        {
            throw new InvalidDataException($"The frame takes {frame.Length} bytes; at most {FormatLimits.MaxBodyBytes} are allowed.");
        }
        var reader = new FormatReader(frame);
        if (reader.Byte("version") is var version && version != Version)
        {
            throw new InvalidDataException($"The frame has version {version}; only {Version} is known.");
        }
        var kind = (FrameKind)reader.Byte("kind");
        var sequence = (long)reader.Varint("sequence", long.MaxValue);
        var baseSequence = (long)reader.Varint("base sequence", long.MaxValue);
        return kind switch
        {
            FrameKind.Key when sequence > 0 && baseSequence == 0 => ApplyKey(ref reader, sequence),
            FrameKind.Delta when sequence > 0 && baseSequence == sequence - 1 => ApplyDelta(ref reader, sequence),
            FrameKind.Key or FrameKind.Delta =>
                throw new InvalidDataException($"A frame of kind {(byte)kind} cannot be number {sequence} on number {baseSequence}."),
            _ => throw new InvalidDataException($"The frame kind {(byte)kind} does not exist."),
        };
    }

    private FrameOutcome ApplyKey(ref FormatReader reader, long sequence)
    {
        var sample = SampleFields.Read(ref reader);
        var notes = NoteFields.Read(ref reader);
        var platform = BoundsFields.ReadPlatform(ref reader);
        var bounds = BoundsFields.Read(ref reader);
        var textBytes = 0L;
        var texts = ReadTexts(ref reader, [], ref textBytes);
        reader.Varint("count of removed regions", 0);
        var rows = RegionsBlockReader.Read(ref reader, texts);
        reader.End();
        Accept(rows, platform, bounds, sample, notes, sequence, textBytes);
        return FrameOutcome.Applied;
    }

    private FrameOutcome ApplyDelta(ref FormatReader reader, long sequence)
    {
        if (Current is not { } current || sequence - 1 != Sequence)
        {
            return FrameOutcome.NeedsKeyFrame;
        }
        var sample = SampleFields.Read(ref reader);
        var notes = NoteFields.Read(ref reader);
        var textBytes = _textBytes;
        var texts = ReadTexts(ref reader, current.Regions.Strings, ref textBytes);
        var removed = ReadRemoved(ref reader);
        var changed = RegionsBlockReader.Read(ref reader, texts);
        reader.End();
        var rows = RegionDelta.Apply(current.Regions, removed, changed, current.Bounds);
        Accept(rows, current.Platform, current.Bounds, sample, notes, sequence, textBytes);
        return FrameOutcome.Applied;
    }

    private static ImmutableArray<string> ReadTexts(ref FormatReader reader, ImmutableArray<string> before, ref long bytes)
    {
        var first = reader.Varint("first text's index");
        return first == (ulong)before.Length
            ? Texts.Read(ref reader, before, ref bytes)
            : throw new InvalidDataException($"The texts begin at {first}; they have to continue at {before.Length}.");
    }

    private static ulong[] ReadRemoved(ref FormatReader reader)
    {
        var removed = new ulong[reader.Count("removed regions", FormatLimits.MaxRegions)];
        reader.Column(removed, "removed regions");
        var page = 0UL;
        for (var i = 0; i < removed.Length; i++)
        {
            var step = removed[i];
            if ((i > 0 && step == 0) || step > ulong.MaxValue / RegionTableBuilder.PageSize - page)
            {
                throw new InvalidDataException("The removed regions do not ascend.");
            }
            page += step;
            removed[i] = page * RegionTableBuilder.PageSize;
        }
        return removed;
    }

    private void Accept(
        RegionTable rows,
        HostPlatform platform,
        AddressSpaceBounds bounds,
        SampleFields sample,
        ImmutableArray<SnapshotNote> notes,
        long sequence,
        long textBytes)
    {
        Current = new Snapshot(rows, bounds)
        {
            Platform = platform,
            Process = process,
            TakenAt = sample.TakenAt,
            Cost = sample.Cost,
            Counters = sample.Counters,
            Notes = notes,
        };
        Sequence = sequence;
        _textBytes = textBytes;
    }
}
