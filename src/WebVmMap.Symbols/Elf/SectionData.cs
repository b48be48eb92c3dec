using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Symbols.Elf;

/// <summary>
/// The bytes of a section. A section of a file is read piece by piece and never mapped: a file that is overwritten in place would end
/// a process that has it mapped (SIGBUS). A compressed section is inflated once and then stays in memory. Thread-safe.
/// </summary>
internal sealed class SectionData
{
    private readonly SafeFileHandle? _file;
    private readonly long _start;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>A section that is not there: every read comes back empty.</summary>
    public static SectionData None { get; } = new(ReadOnlyMemory<byte>.Empty);

    public SectionData(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        Length = bytes.Length;
    }

    public SectionData(SafeFileHandle file, long start, long length)
    {
        _file = file;
        _start = start;
        Length = length;
    }

    /// <summary>Bytes of the section, as its header says; a file that was cut holds fewer.</summary>
    public long Length { get; }

    /// <summary>Reads a piece.</summary>
    /// <returns>Fewer bytes than asked for where the section ends, none where it does not reach.</returns>
    public ReadOnlyMemory<byte> Read(ulong offset, long length)
    {
        if (offset >= (ulong)Length || length <= 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
        var count = (int)Math.Min(Math.Min(length, Length - (long)offset), Array.MaxLength);
        if (_file is null)
        {
            return _bytes.Slice((int)offset, count);
        }
        var piece = new byte[count];
        var read = RegularFile.Read(_file, _start + (long)offset, piece);
        return piece.AsMemory(0, read);
    }

    /// <summary>Reads a number of 4 or 8 bytes.</summary>
    /// <returns>False where the section does not reach.</returns>
    public bool TryReadNumber(ulong offset, int size, out ulong number)
    {
        var bytes = Read(offset, size).Span;
        number = bytes.Length < size ? 0
            : size == 8 ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            : System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return bytes.Length >= size;
    }

    /// <summary>Reads text that ends with a zero byte.</summary>
    /// <returns>Empty where the section does not reach, or where the text is longer than any name is.</returns>
    public string ReadText(ulong offset)
    {
        // Most names are short; those of templates run to some kilobytes.
        for (var length = 128; length <= Limits.NameBytes; length *= 8)
        {
            var bytes = Read(offset, length).Span;
            var end = bytes.IndexOf((byte)0);
            if (end >= 0)
            {
                return System.Text.Encoding.UTF8.GetString(bytes[..end]);
            }
            if (bytes.Length < length)
            {
                break;
            }
        }
        return "";
    }
}
