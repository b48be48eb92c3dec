using System.Buffers;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Snapshots;

/// <summary>
/// Makes the frames of one stream (docs/formats.md "Frame"): a key frame, then what changed. One per stream; not thread-safe.
/// </summary>
/// <param name="includeGaps">Whether Free and Unusable rows travel too: to browsers yes, from agents no.</param>
public sealed class FrameEncoder(bool includeGaps)
{
    private Snapshot? _last;
    private long _textBytes;

    /// <summary>The sequence number of the last frame made; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Makes a key frame.</summary>
    /// <exception cref="ArgumentException">The snapshot is beyond <see cref="FormatLimits"/>, or a figure of it is negative.</exception>
    public byte[] Key(Snapshot snapshot)
    {
        var frame = EncodeKey(snapshot, out var textBytes);
        Advance(snapshot, textBytes);
        return frame;
    }

    /// <summary>
    /// Makes a frame that changes the last one; a key frame when there is none, when the texts do not continue the last
    /// one's, when platform or bounds differ, or when a delta would not be smaller.
    /// </summary>
    /// <exception cref="ArgumentException">The snapshot is beyond <see cref="FormatLimits"/>, or a figure of it is negative.</exception>
    public byte[] Next(Snapshot snapshot)
    {
        if (_last is not { } last || !CanChange(last, snapshot))
        {
            return Key(snapshot);
        }
        var frame = EncodeDelta(last, snapshot, out var textBytes);
        // A key frame takes more than a byte for each region in use, and at least every third row is one (an Unusable and a
        // Free row may follow it): a delta below that needs no comparison.
        if (frame.Length >= snapshot.Regions.Count / 3)
        {
            var key = EncodeKey(snapshot, out var keyTextBytes);
            if (key.Length <= frame.Length)
            {
                frame = key;
                textBytes = keyTextBytes;
            }
        }
        Advance(snapshot, textBytes);
        return frame;
    }

    /// <summary>
    /// Makes a key frame that tells once more what frame number <paramref name="sequence"/> of some stream told: for a reader
    /// that joins the stream there. The deltas that follow in the stream apply to it. Belongs to no encoder, so any thread may call it.
    /// </summary>
    /// <param name="snapshot">What that frame told.</param>
    /// <param name="sequence">Its number, at least 1.</param>
    /// <param name="includeGaps">Whether Free and Unusable rows travel too, as in the stream.</param>
    /// <exception cref="ArgumentException">The snapshot is beyond <see cref="FormatLimits"/>, or a figure of it is negative.</exception>
    public static byte[] KeyAt(Snapshot snapshot, long sequence, bool includeGaps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        return new FrameEncoder(includeGaps) { Sequence = sequence - 1 }.EncodeKey(snapshot, out _);
    }

    private static bool CanChange(Snapshot last, Snapshot next) =>
        last.Platform == next.Platform
        && last.Bounds == next.Bounds
        && last.Regions.Strings is var before && next.Regions.Strings is var now
        && now.Length >= before.Length
        // Texts are interned, so this mostly compares references.
        && (now == before || now.AsSpan(0, before.Length).SequenceEqual(before.AsSpan()));

    private static byte[] Finish(FormatWriter writer) => writer.Written.Length <= FormatLimits.MaxBodyBytes
        ? writer.Written.ToArray()
        : throw new ArgumentException($"The frame takes {writer.Written.Length} bytes; at most {FormatLimits.MaxBodyBytes} are permitted.");

    private void Advance(Snapshot snapshot, long textBytes)
    {
        Sequence++;
        _last = snapshot;
        _textBytes = textBytes;
    }

    private byte[] EncodeKey(Snapshot snapshot, out long textBytes)
    {
        using var writer = new FormatWriter();
        WriteHead(writer, FrameKind.Key, snapshot);
        BoundsFields.WritePlatform(writer, snapshot.Platform);
        BoundsFields.Write(writer, snapshot.Bounds);
        writer.Varint(0);
        textBytes = Texts.Write(writer, snapshot.Regions.Strings, 0, 0);
        writer.Varint(0);
        RegionsBlockWriter.Write(writer, snapshot.Regions, includeGaps);
        return Finish(writer);
    }

    private byte[] EncodeDelta(Snapshot last, Snapshot snapshot, out long textBytes)
    {
        using var delta = RegionDelta.Between(last.Regions, snapshot.Regions, includeGaps);
        using var writer = new FormatWriter();
        WriteHead(writer, FrameKind.Delta, snapshot);
        var known = last.Regions.Strings.Length;
        writer.Varint((ulong)known);
        textBytes = Texts.Write(writer, snapshot.Regions.Strings, known, _textBytes);
        WriteRemoved(writer, last.Regions, delta.Removed);
        RegionsBlockWriter.Write(writer, snapshot.Regions, delta.Changed);
        return Finish(writer);
    }

    private void WriteHead(FormatWriter writer, FrameKind kind, Snapshot snapshot)
    {
        writer.Byte(FrameDecoder.Version);
        writer.Byte((byte)kind);
        writer.Varint((ulong)Sequence + 1);
        writer.Varint(kind == FrameKind.Delta ? (ulong)Sequence : 0);
        SampleFields.Write(writer, snapshot);
        NoteFields.Write(writer, snapshot.Notes);
    }

    private static void WriteRemoved(FormatWriter writer, RegionTable older, ReadOnlySpan<int> rows)
    {
        writer.Varint((ulong)rows.Length);
        var steps = ArrayPool<ulong>.Shared.Rent(rows.Length);
        var before = 0UL;
        for (var i = 0; i < rows.Length; i++)
        {
            var page = older.Addresses[rows[i]] / RegionTableBuilder.PageSize;
            steps[i] = page - before;
            before = page;
        }
        writer.Column(steps.AsSpan(0, rows.Length));
        ArrayPool<ulong>.Shared.Return(steps);
    }
}
