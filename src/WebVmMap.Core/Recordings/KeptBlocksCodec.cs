using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Recordings;

/// <summary>Kept live blocks as they travel to the hub and rest in its store (docs/formats.md "Live blocks"). Thread-safe.</summary>
public static class KeptBlocksCodec
{
    /// <summary>Most bytes of them, compressed or not.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const byte Version = 1;

    /// <summary>Writes them.</summary>
    /// <exception cref="ArgumentException">They are more than may be, not by rising address, or a figure of one cannot be.</exception>
    public static byte[] Encode(KeptBlocks kept)
    {
        if (kept.Blocks.Length > KeptBlocks.Maximum)
        {
            throw new ArgumentException($"{kept.Blocks.Length} blocks are more than the format permits, {KeptBlocks.Maximum}.");
        }
        using var writer = new FormatWriter();
        writer.Byte(Version);
        writer.Unsigned(kept.LeftOutBlocks, "number of blocks left out");
        writer.Unsigned(kept.LeftOutBytes, "bytes left out");
        writer.Varint((ulong)kept.Blocks.Length);
        var address = 0UL;
        foreach (var block in kept.Blocks)
        {
            if (block.Address < address)
            {
                throw new ArgumentException("The blocks are not by rising address.");
            }
            writer.Varint(block.Address - address);
            writer.Unsigned(block.Size, "size of a block");
            writer.Unsigned(block.Site, "site of a block");
            writer.Unsigned(block.Born + 1L, "birth of a block");
            writer.Unsigned(block.Thread, "thread of a block");
            writer.Unsigned(block.Weight, "weight of a block");
            address = block.Address;
        }
        var plain = writer.Written;
        var packed = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, plain.Length);
        return BrotliEncoder.TryCompress(plain, packed.AsSpan(sizeof(int)), out var length, quality: 4, window: 22)
            ? packed[..(sizeof(int) + length)]
            : throw new InvalidOperationException("Live blocks could not be compressed.");
    }

    /// <summary>Reads them from untrusted bytes. Whether their sites are of the recording is for the reader to say.</summary>
    /// <exception cref="InvalidDataException">They break a rule of the format, which the message names.</exception>
    public static KeptBlocks Decode(ReadOnlySpan<byte> data)
    {
        if (data.Length is < sizeof(int) or > MaxBytes
            || BinaryPrimitives.ReadInt32LittleEndian(data) is var size && size is < 0 or > MaxBytes)
        {
            throw new InvalidDataException($"Live blocks take {sizeof(int)} to {MaxBytes} bytes.");
        }
        var plain = new byte[size];
        if (!BrotliDecoder.TryDecompress(data[sizeof(int)..], plain, out var length) || length != size)
        {
            throw new InvalidDataException("Live blocks cannot be unpacked.");
        }
        var reader = new FormatReader(plain);
        if (reader.Byte("version") is var version && version != Version)
        {
            throw new InvalidDataException($"Live blocks have version {version}; only {Version} is known.");
        }
        var leftOutBlocks = (long)reader.Varint("number of blocks left out", long.MaxValue);
        var leftOutBytes = (long)reader.Varint("bytes left out", long.MaxValue);
        var blocks = new LiveBlock[reader.Count("blocks", KeptBlocks.Maximum)];
        var address = 0UL;
        for (var i = 0; i < blocks.Length; i++)
        {
            address += reader.Varint("address of a block", ulong.MaxValue - address);
            blocks[i] = new LiveBlock(
                address,
                (long)reader.Varint("size of a block", long.MaxValue),
                (int)reader.Varint("site of a block", RecordingLimits.MaxSites - 1),
                (int)reader.Varint("birth of a block", RecordingLimits.MaxIntervals) - 1,
                (int)reader.Varint("thread of a block", int.MaxValue),
                (int)reader.Varint("weight of a block", int.MaxValue));
        }
        reader.End();
        return new KeptBlocks { Blocks = ImmutableCollectionsMarshal.AsImmutableArray(blocks), LeftOutBlocks = leftOutBlocks, LeftOutBytes = leftOutBytes };
    }
}
