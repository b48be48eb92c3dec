using System.Buffers;
using System.IO.Compression;

namespace WebVmMap.Core.Formats;

/// <summary>The outside of a stored snapshot: magic, version, compression and the length of the body.</summary>
internal static class SnapshotEnvelope
{
    private const byte Version = 1;

    // For 100,000 regions quality 4 took 13 ms and 3.0 bytes a region, 5 took 32 ms and 2.85, 9 took 136 ms and 2.8:
    // columns of small numbers gain little from more effort.
    private const int Quality = 4;
    private const int WindowBits = 22;

    private static ReadOnlySpan<byte> Magic => "WVMS"u8;

    /// <summary>A body with its envelope, compressed when that makes it smaller.</summary>
    /// <exception cref="ArgumentException">The body is larger than the format permits.</exception>
    public static byte[] Wrap(ReadOnlySpan<byte> body)
    {
        if (body.Length > FormatLimits.MaxBodyBytes)
        {
            throw new ArgumentException($"The snapshot takes {body.Length} bytes; at most {FormatLimits.MaxBodyBytes} are permitted.");
        }
        var rented = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(body.Length));
        try
        {
            var compressed = BrotliEncoder.TryCompress(body, rented, out var length, Quality, WindowBits) && length < body.Length
                && !IsBomb(length, body.Length);
            using var writer = new FormatWriter();
            writer.Bytes(Magic);
            writer.Byte(Version);
            writer.Byte((byte)(compressed ? BodyCompression.Brotli : BodyCompression.None));
            writer.Varint((ulong)body.Length);
            writer.Bytes(compressed ? rented.AsSpan(0, length) : body);
            return writer.Written.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The body of an envelope from untrusted bytes.</summary>
    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static Body Unwrap(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith(Magic))
        {
            throw new InvalidDataException("The data does not begin with WVMS: it is not a snapshot.");
        }
        var reader = new FormatReader(data[Magic.Length..]);
        if (reader.Byte("version") is var version && version != Version)
        {
            throw new InvalidDataException($"The snapshot has version {version}; only {Version} is known.");
        }
        var compression = (BodyCompression)reader.Byte("compression");
        var length = (int)reader.Varint("length of the body", FormatLimits.MaxBodyBytes);
        return compression switch
        {
            BodyCompression.None when reader.Remaining == length => new Body(reader.Rest, null),
            BodyCompression.None => throw WrongLength(length),
            BodyCompression.Brotli => Decompress(reader.Rest, length),
            _ => throw new InvalidDataException($"The compression {(byte)compression} does not exist."),
        };
    }

    // No address space is so regular; what is made to look so is refused before a byte of it is unpacked.
    private static bool IsBomb(int compressed, int length) => length > FormatLimits.SmallBodyBytes && length / FormatLimits.MaxExpansion > compressed;

    private static Body Decompress(ReadOnlySpan<byte> compressed, int length)
    {
        if (IsBomb(compressed.Length, length))
        {
            throw new InvalidDataException(
                $"The body is stated to have {length} bytes, more than {FormatLimits.MaxExpansion} times the {compressed.Length} that it is compressed to.");
        }
        // The buffer grows with what really comes out. One byte more than stated shows a body that is longer.
        var limit = length + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(limit, Math.Max(4096, compressed.Length)));
        var written = 0;
        using var decoder = default(BrotliDecoder);
        try
        {
            while (true)
            {
                var room = buffer.AsSpan(written, Math.Min(buffer.Length, limit) - written);
                var status = decoder.Decompress(compressed, room, out var consumed, out var produced);
                compressed = compressed[consumed..];
                written += produced;
                if (status == OperationStatus.Done && written == length && compressed.IsEmpty)
                {
                    return new Body(buffer.AsSpan(0, written), buffer);
                }
                if (status != OperationStatus.DestinationTooSmall)
                {
                    throw status == OperationStatus.Done
                        ? WrongLength(length)
                        : new InvalidDataException("The body is not whole Brotli data.");
                }
                if (written == limit)
                {
                    throw WrongLength(length);
                }
                buffer = Enlarge(buffer, written, limit);
            }
        }
        catch (InvalidDataException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Enlarge(byte[] buffer, int written, int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, buffer.Length * 2L));
        buffer.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static InvalidDataException WrongLength(int length) => new($"The body is not of the {length} bytes that are stated.");

    /// <summary>A body; dispose of it to give its buffer back.</summary>
    internal readonly ref struct Body(ReadOnlySpan<byte> bytes, byte[]? rented)
    {
        private readonly byte[]? _rented = rented;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;

        public void Dispose()
        {
            if (_rented is not null)
            {
                ArrayPool<byte>.Shared.Return(_rented);
            }
        }
    }
}
