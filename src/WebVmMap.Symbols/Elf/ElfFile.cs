using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Symbols.Elf;

/// <summary>
/// A 64-bit little-endian ELF file, read by its section headers. https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
/// Thread-safe, but for disposal.
/// </summary>
internal sealed class ElfFile : IDisposable
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int MaxSections = 65536;

    private readonly SafeFileHandle _file;
    private readonly ElfSection[] _sections;
    private readonly ElfSection[] _code;

    private ElfFile(SafeFileHandle file, string path, ElfSection[] sections)
    {
        _file = file;
        Path = path;
        _sections = sections;
        _code = [.. sections.Where(section => section.IsCode)];
        BuildId = ReadBuildId();
    }

    /// <summary>The path that it was opened by, without the root.</summary>
    public string Path { get; }

    /// <summary>Its build id; empty when it has none.</summary>
    public byte[] BuildId { get; }

    /// <summary>Whether it has line tables and functions for a debugger, in a form that is read or not.</summary>
    public bool HasDebugInfo => Section(".debug_info") is not null || Section(".zdebug_info") is not null;

    /// <summary>Opens a file.</summary>
    /// <param name="root">The folder that <paramref name="path"/> is under; "/" or empty for the host's own.</param>
    /// <param name="path">An absolute path.</param>
    /// <returns>Null when it cannot be read, or is none of this kind.</returns>
    public static ElfFile? TryOpen(string root, string path)
    {
        var file = RegularFile.TryOpen(root.TrimEnd('/') + path);
        if (file is null)
        {
            return null;
        }
        var sections = ReadSections(file);
        if (sections is null)
        {
            file.Dispose();
            return null;
        }
        return new ElfFile(file, path, sections);
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Finds a section by name.</summary>
    public ElfSection? Section(string name)
    {
        foreach (var section in _sections)
        {
            if (section.Name == name)
            {
                return section;
            }
        }
        return null;
    }

    /// <summary>Finds a section by type, the first of it.</summary>
    public ElfSection? SectionOfType(uint type)
    {
        foreach (var section in _sections)
        {
            if (section.Type == type)
            {
                return section;
            }
        }
        return null;
    }

    /// <summary>The section that another one refers to.</summary>
    public ElfSection? Linked(ElfSection section) => (uint)section.Link < (uint)_sections.Length ? _sections[section.Link] : null;

    /// <summary>Whether code is loaded at an address.</summary>
    public bool IsCode(ulong address)
    {
        foreach (var section in _code)
        {
            if (address >= section.Address && address - section.Address < section.Size)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Opens a section's bytes, inflated.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unread">Why it is not read, though it is there; null when it is read or not there.</param>
    public SectionData Open(string name, out string? unread)
    {
        unread = null;
        if (Section(name) is not { } section)
        {
            return SectionData.None;
        }
        var data = OpenRaw(section);
        return section.IsCompressed ? Inflate(data, out unread) : data;
    }

    /// <summary>Opens a section's bytes as they are in the file.</summary>
    public SectionData OpenRaw(ElfSection section)
    {
        var length = RandomAccess.GetLength(_file);
        return section.Type == ElfSection.NoBits || section.Offset >= (ulong)length ? SectionData.None
            : new SectionData(_file, (long)section.Offset, (long)Math.Min(section.Size, (ulong)length - section.Offset));
    }

    /// <summary>The check sum over the whole file that .gnu_debuglink tells it by.</summary>
    public uint CheckSum() => Crc32.Of(_file);

    private static ElfSection[]? ReadSections(SafeFileHandle file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        const byte Bits64 = 2, LittleEndian = 1;
        if (RegularFile.Read(file, 0, header) < HeaderSize || !header.StartsWith("\u007fELF"u8) || header[4] != Bits64 || header[5] != LittleEndian)
        {
            return null;
        }
        var table = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        int entry = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        int names = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        var length = (ulong)RandomAccess.GetLength(file);
        if (table == 0 || entry != SectionHeaderSize || table > length)
        {
            return [];
        }
        // Too many for 16 bits: the first header has both numbers.
        Span<byte> first = stackalloc byte[SectionHeaderSize];
        if (RegularFile.Read(file, (long)table, first) < SectionHeaderSize)
        {
            return [];
        }
        const int MoreThanFits = 0xffff;
        count = count == 0 ? (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(first[32..]), MaxSections) : count;
        names = names == MoreThanFits ? (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(first[40..]), MaxSections) : names;
        var headers = new byte[Math.Min((ulong)count * SectionHeaderSize, length - table)];
        count = RegularFile.Read(file, (long)table, headers) / SectionHeaderSize;

        var sections = new ElfSection[count];
        for (var i = 0; i < count; i++)
        {
            var section = headers.AsSpan(i * SectionHeaderSize, SectionHeaderSize);
            sections[i] = new ElfSection(
                "",
                BinaryPrimitives.ReadUInt32LittleEndian(section[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(section[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(section[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(section[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(section[32..]),
                (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(section[40..]), int.MaxValue));
        }
        const int MaxNames = 1 << 20;
        if ((uint)names < (uint)count && sections[names].Offset < length && sections[names].Type != ElfSection.NoBits)
        {
            var texts = new byte[Math.Min(Math.Min(sections[names].Size, MaxNames), length - sections[names].Offset)];
            var read = RegularFile.Read(file, (long)sections[names].Offset, texts);
            for (var i = 0; i < count; i++)
            {
                var at = BinaryPrimitives.ReadUInt32LittleEndian(headers.AsSpan(i * SectionHeaderSize));
                if (at < read)
                {
                    var text = texts.AsSpan((int)at, Math.Min(read - (int)at, 64));
                    var end = text.IndexOf((byte)0);
                    sections[i] = sections[i] with { Name = end < 0 ? "" : Encoding.UTF8.GetString(text[..end]) };
                }
            }
        }
        return sections;
    }

    /// <summary>The note that the linker wrote: name size, descriptor size, type, name, descriptor.</summary>
    private byte[] ReadBuildId()
    {
        const int MaxIdBytes = 64, NoteHead = 16;
        if (Section(".note.gnu.build-id") is not { } section)
        {
            return [];
        }
        var note = OpenRaw(section).Read(0, NoteHead + MaxIdBytes).Span;
        if (note.Length < NoteHead || !note[12..].StartsWith("GNU\0"u8))
        {
            return [];
        }
        var size = BinaryPrimitives.ReadUInt32LittleEndian(note[4..]);
        return size <= MaxIdBytes && size <= note.Length - NoteHead ? note.Slice(NoteHead, (int)size).ToArray() : [];
    }

    /// <summary>https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.sheader.html, "Compression header".</summary>
    private static SectionData Inflate(SectionData data, out string? unread)
    {
        const int CompressionHeader = 24;
        const uint Zlib = 1, Zstd = 2;
        // Deflate makes at most 1,032 bytes of one.
        const long MostOfOne = 1032;
        var head = data.Read(0, CompressionHeader).Span;
        if (head.Length < CompressionHeader)
        {
            unread = "a damaged section";
            return SectionData.None;
        }
        var kind = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(head[8..]);
        if (kind != Zlib)
        {
            unread = kind == Zstd ? "compressed with zstd" : "compressed in an unknown way";
            return SectionData.None;
        }
        if (size > (ulong)Limits.InflatedBytes)
        {
            unread = "larger than 512 MiB inflated";
            return SectionData.None;
        }
        var inflated = new byte[Math.Min((long)size, data.Length * MostOfOne)];
        var filled = 0;
        try
        {
            using var stream = new ZLibStream(new SectionStream(data, CompressionHeader), CompressionMode.Decompress);
            filled = stream.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            // Damaged: nothing of it is used, since a part would be taken for the whole.
            unread = "a damaged section";
            return SectionData.None;
        }
        unread = null;
        return new SectionData(inflated.AsMemory(0, filled));
    }
}
