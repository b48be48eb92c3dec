using System.Buffers.Binary;
using System.IO.Compression;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// A recording as a file (.wvmr, docs/formats.md "Recording file"): the magic, then each interval as
/// <see cref="RecordingCodec"/> writes it, compressed by Brotli, with its length before it. A file that was cut off reads to its last whole interval.
/// </summary>
public static class RecordingFile
{
    private static ReadOnlySpan<byte> Magic => "WVMREC01"u8;

    /// <summary>Begins a file.</summary>
    public static void Begin(Stream output) => output.Write(Magic);

    /// <summary>Appends the next interval.</summary>
    public static void Append(Stream output, RecordingInterval interval)
    {
        var plain = RecordingCodec.Encode(interval);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        if (!BrotliEncoder.TryCompress(plain, packed, out var length, quality: 4, window: 22))
        {
            throw new InvalidOperationException("An interval could not be compressed.");
        }
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], plain.Length);
        output.Write(head);
        output.Write(packed.AsSpan(0, length));
    }

    /// <summary>Reads the intervals of a file that may be anything.</summary>
    /// <exception cref="InvalidDataException">It is none, or damaged.</exception>
    public static IEnumerable<RecordingInterval> Read(Stream input)
    {
        var head = new byte[8];
        if (input.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8 || !head.AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidDataException("This is no recording of WebVmMap.");
        }
        while (input.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8)
        {
            var (packed, plain) = (BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4)));
            if (packed is < 0 or > RecordingLimits.MaxIntervalBytes || plain is < 0 or > RecordingLimits.MaxIntervalBytes)
            {
                throw new InvalidDataException("The recording is damaged: an interval is said to be longer than any can be.");
            }
            var bytes = new byte[packed];
            if (input.ReadAtLeast(bytes, packed, throwOnEndOfStream: false) < packed)
            {
                yield break;
            }
            var unpacked = new byte[plain];
            if (!BrotliDecoder.TryDecompress(bytes, unpacked, out var length) || length != plain)
            {
                throw new InvalidDataException("The recording is damaged: an interval cannot be unpacked.");
            }
            yield return RecordingCodec.Decode(unpacked);
        }
    }
}
