using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Snapshots;

/// <summary>
/// Snapshots as they rest in the store, travel in an upload and lie in <c>.wvm</c> files (docs/formats.md "Snapshot"). Thread-safe.
/// </summary>
public static class SnapshotCodec
{
    /// <summary>Writes a snapshot. The same snapshot always gives the same bytes.</summary>
    /// <exception cref="ArgumentException">It is beyond <see cref="FormatLimits"/>, or a figure of it is negative.</exception>
    public static byte[] Encode(Snapshot snapshot)
    {
        using var writer = new FormatWriter();
        BoundsFields.WritePlatform(writer, snapshot.Platform);
        ProcessFields.Write(writer, snapshot.Process);
        SampleFields.Write(writer, snapshot);
        BoundsFields.Write(writer, snapshot.Bounds);
        NoteFields.Write(writer, snapshot.Notes);
        Texts.Write(writer, snapshot.Regions.Strings, 0, 0);
        RegionsBlockWriter.Write(writer, snapshot.Regions, includeGaps: false);
        return SnapshotEnvelope.Wrap(writer.Written);
    }

    /// <summary>Reads a snapshot from untrusted bytes.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule of the format, which the message names.</exception>
    public static Snapshot Decode(ReadOnlySpan<byte> data)
    {
        using var body = SnapshotEnvelope.Unwrap(data);
        var reader = new FormatReader(body.Bytes);
        var platform = BoundsFields.ReadPlatform(ref reader);
        var process = ProcessFields.Read(ref reader);
        var sample = SampleFields.Read(ref reader);
        var bounds = BoundsFields.Read(ref reader);
        var notes = NoteFields.Read(ref reader);
        var textBytes = 0L;
        var texts = Texts.Read(ref reader, [], ref textBytes);
        var regions = RegionsBlockReader.Read(ref reader, texts);
        reader.End();
        return new Snapshot(regions, bounds)
        {
            Platform = platform,
            Process = process,
            TakenAt = sample.TakenAt,
            Cost = sample.Cost,
            Counters = sample.Counters,
            Notes = notes,
        };
    }
}
