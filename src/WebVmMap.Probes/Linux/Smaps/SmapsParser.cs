using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Linux.Smaps;

/// <summary>
/// Reads the records of <c>/proc/PID/smaps</c> from bytes. The kernel prints every record of one file alike: right-aligned
/// figures of eight digits. So the first record teaches where each figure is, and the rest is read from there, eight digits
/// at once; a record that does not fit (a figure of 10^8 kB or more widens its line) is read key by key.
/// https://docs.kernel.org/filesystems/proc.html
/// </summary>
internal sealed class SmapsParser
{
    /// <summary>More mappings than any snapshot can carry (docs/formats.md); the kernel's own default limit is 65,530.</summary>
    public const int MaxRegions = 4_000_000;

    private static readonly VmFlags[] s_flags = FlagTable();

    /// <summary>Device and inode of memory with no file behind it.</summary>
    private static readonly ulong s_noFile = BitConverter.ToUInt64("00:00 0 "u8);

    private const int Fields = 9;
    private const int Digits = 8;
    private const int UsualHeader = 40;

    /// <summary>The line of flags with its key: a text shorter than that cannot be a whole record of the learned layout.</summary>
    private const int ShortestFlags = 10;
    private readonly int[] _fieldAt = new int[Fields];
    private SmapsRegion[] _regions = new SmapsRegion[256];
    private int _flagsAt = -1;
    private bool _sawFlags;

    /// <summary>Interns names into a table.</summary>
    public SmapsParser(MappingNames names) => Names = names;

    /// <summary>The names that the records index; may be replaced between two passes.</summary>
    public MappingNames Names { get; set; }

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many records were cut short or no records at all, and so left out.</summary>
    public int Malformed { get; private set; }

    /// <summary>
    /// How many records were left out because they began before the end of the one before them: the kernel lets go of its
    /// lock between reads, and a mapping may have grown downwards or moved meanwhile.
    /// </summary>
    public int Overlapping { get; private set; }

    /// <summary>How many records were left out because there were more than <see cref="MaxRegions"/>.</summary>
    public int OverLimit { get; private set; }

    /// <summary>The records so far.</summary>
    public Span<SmapsRegion> Regions => _regions.AsSpan(0, Count);

    /// <summary>Forgets the records, keeps the room and what was learned of the layout.</summary>
    public void Clear()
    {
        Count = 0;
        Malformed = 0;
        Overlapping = 0;
        OverLimit = 0;
    }

    /// <summary>Reads as many whole records as there are.</summary>
    /// <param name="text">What follows the last record read.</param>
    /// <param name="final">True when nothing follows: then a record may end with the text.</param>
    /// <returns>How many bytes were used; the rest belongs before the next part.</returns>
    public int Parse(ReadOnlySpan<byte> text, bool final)
    {
        var at = 0;
        while (at < text.Length)
        {
            var rest = text[at..];
            var headerLength = rest.IndexOf((byte)'\n');
            if (headerLength < 0)
            {
                break;
            }
            var used = TryLearned(rest, headerLength);
            if (used == 0 && (final || rest.Length - headerLength > _flagsAt + ShortestFlags))
            {
                used = ByKeys(rest, headerLength, final);
            }
            if (used == 0)
            {
                break;
            }
            at += used;
        }
        if (final && at < text.Length)
        {
            Malformed++;
            at = text.Length;
        }
        return at;
    }

    /// <summary>A record of the layout that was learned.</summary>
    /// <returns>Its length, or 0 when it is not of that layout or not yet whole.</returns>
    private int TryLearned(ReadOnlySpan<byte> text, int headerLength)
    {
        var body = text[(headerLength + 1)..];
        if (_flagsAt < 0
            || body.Length < _flagsAt + 8
            || !body.Slice(_flagsAt, 8).SequenceEqual("VmFlags:"u8))
        {
            return 0;
        }
        var flags = body[(_flagsAt + 8)..];
        var end = flags.IndexOf((byte)'\n');
        if (end < 0)
        {
            return 0;
        }
        ref var region = ref Next();
        ref var start = ref MemoryMarshal.GetReference(body);
        var wrong = 0UL;
        var at = _fieldAt.AsSpan(0, Fields);
        region.PrivateHugetlb = Number(ref start, at[8], ref wrong);
        region.Rss = Number(ref start, at[0], ref wrong);
        region.Pss = Number(ref start, at[1], ref wrong);
        region.SharedClean = Number(ref start, at[2], ref wrong);
        region.SharedDirty = Number(ref start, at[3], ref wrong);
        region.Anonymous = Number(ref start, at[4], ref wrong);
        region.Swap = Number(ref start, at[5], ref wrong);
        region.Locked = Number(ref start, at[6], ref wrong);
        region.SharedHugetlb = Number(ref start, at[7], ref wrong);
        if (wrong != 0 || !TryHeader(text, headerLength, ref region))
        {
            return 0;
        }
        region.Flags = Flags(flags[..end]);
        Keep(region);
        return headerLength + 1 + _flagsAt + 8 + end + 1;
    }

    /// <summary>A record of any layout; the first good one is learned.</summary>
    /// <returns>Its length; 0 when more text is needed to know where it ends.</returns>
    private int ByKeys(ReadOnlySpan<byte> text, int headerLength, bool final)
    {
        ref var region = ref Next();
        var good = TryHeader(text, headerLength, ref region);
        var sawRss = false;
        var learnable = true;
        Span<int> fieldAt = stackalloc int[Fields];
        fieldAt.Fill(-1);
        var body = headerLength + 1;
        var at = body;
        while (true)
        {
            var line = text[at..];
            if (line.IsEmpty)
            {
                if (!final)
                {
                    return 0;
                }
                // Where the kernel prints flags they are the last line: without them this record was cut short.
                good &= !_sawFlags;
                break;
            }
            if (line[0] is < (byte)'A' or > (byte)'Z')
            {
                good &= !_sawFlags;
                break;
            }
            var length = line.IndexOf((byte)'\n');
            if (length < 0)
            {
                if (!final)
                {
                    return 0;
                }
                good = false;
                at = text.Length;
                break;
            }
            line = line[..length];
            if (line.StartsWith("VmFlags:"u8))
            {
                region.Flags = Flags(line[8..]);
                _sawFlags = true;
                if (good && sawRss && learnable)
                {
                    fieldAt.CopyTo(_fieldAt);
                    _flagsAt = at - body;
                }
                at += length + 1;
                break;
            }
            learnable &= KeyLine(line, at - body, ref region, fieldAt, ref sawRss);
            at += length + 1;
        }
        if (good && sawRss)
        {
            Keep(region);
        }
        else
        {
            Malformed++;
        }
        return at;
    }

    /// <summary>One line <c>Key: figure kB</c>.</summary>
    /// <returns>False when its figure is wider than the eight digits that the layout gives it.</returns>
    private static bool KeyLine(ReadOnlySpan<byte> line, int lineAt, ref SmapsRegion region, Span<int> fieldAt, ref bool sawRss)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !line.EndsWith(" kB"u8))
        {
            return true;
        }
        var figure = line[(colon + 1)..^3].TrimStart((byte)' ');
        var field = Field(line[..colon]);
        if (field >= 0)
        {
            ref var value = ref Slot(ref region, field);
            if (!TryKilobytes(figure, out value))
            {
                return false;
            }
            sawRss |= field == 0;
            fieldAt[field] = lineAt + line.Length - 3 - Digits;
        }
        return figure.Length <= Digits;
    }

    private static int Field(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("Rss"u8) ? 0
        : key.SequenceEqual("Pss"u8) ? 1
        : key.SequenceEqual("Shared_Clean"u8) ? 2
        : key.SequenceEqual("Shared_Dirty"u8) ? 3
        : key.SequenceEqual("Anonymous"u8) ? 4
        : key.SequenceEqual("Swap"u8) ? 5
        : key.SequenceEqual("Locked"u8) ? 6
        : key.SequenceEqual("Shared_Hugetlb"u8) ? 7
        : key.SequenceEqual("Private_Hugetlb"u8) ? 8
        : -1;

    private static ref long Slot(ref SmapsRegion region, int field)
    {
        switch (field)
        {
            case 0: return ref region.Rss;
            case 1: return ref region.Pss;
            case 2: return ref region.SharedClean;
            case 3: return ref region.SharedDirty;
            case 4: return ref region.Anonymous;
            case 5: return ref region.Swap;
            case 6: return ref region.Locked;
            case 7: return ref region.SharedHugetlb;
            default: return ref region.PrivateHugetlb;
        }
    }

    private static bool TryKilobytes(ReadOnlySpan<byte> figure, out long bytes)
    {
        var value = 0L;
        bytes = 0;
        // 15 digits of kB are 10^18 bytes: more than any address space, less than overflows.
        if (figure.IsEmpty || figure.Length > 15)
        {
            return false;
        }
        foreach (var c in figure)
        {
            var digit = (uint)c - '0';
            if (digit > 9)
            {
                return false;
            }
            value = value * 10 + digit;
        }
        bytes = value << 10;
        return true;
    }

    /// <summary>
    /// Eight right-aligned digits at once. Blanks become zeros (both have their low bits 0 and differ in one bit), then
    /// neighbours are joined: pairs, fours, eights.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Number(ref byte body, int at, ref ulong wrong)
    {
        if (at < 0)
        {
            return 0; // this kernel has no such line
        }
        var x = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref body, at));
        if (x >> 48 == 0x3020)
        {
            return 0; // " 0", most of them
        }
        x |= 0x1010101010101010;
        // Each byte must be '0' to '9': its high half 3, also after adding 6.
        wrong |= ((x & 0xF0F0F0F0F0F0F0F0) | ((x + 0x0606060606060606 & 0xF0F0F0F0F0F0F0F0) >> 4)) ^ 0x3333333333333333;
        x -= 0x3030303030303030;
        x = x * 10 + (x >> 8);
        var value = ((x & 0x000000FF000000FF) * 0x000F424000000064 + (x >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
        return (long)(value & 0xFFFFFFFF) << 10;
    }

    /// <summary><c>START-END rwxp OFFSET MAJOR:MINOR INODE   NAME</c></summary>
    /// <param name="text">Begins with the line, which ends with a newline: no loop below passes it, since it is no digit.</param>
    /// <param name="length">Of the line.</param>
    /// <param name="region">What is filled.</param>
    /// <returns>False when it is no such line, or not made of whole pages.</returns>
    private bool TryHeader(ReadOnlySpan<byte> text, int length, ref SmapsRegion region)
    {
        ref var line = ref MemoryMarshal.GetReference(text);
        int at;
        // Nearly all addresses of a 64-bit process have twelve digits, and offsets eight.
        if (length > UsualHeader && TryUsualAddresses(ref line, ref region))
        {
            at = 25;
        }
        else
        {
            at = 0;
            region.Start = Hex(ref line, ref at);
            if (At(ref line, at++) != '-')
            {
                return false;
            }
            region.End = Hex(ref line, ref at);
        }
        if (at + 6 > length || At(ref line, at) != ' ' || At(ref line, at + 5) != ' ')
        {
            return false;
        }
        region.Protection =
            (At(ref line, at + 1) == 'r' ? Protection.Read : 0)
            | (At(ref line, at + 2) == 'w' ? Protection.Write : 0)
            | (At(ref line, at + 3) == 'x' ? Protection.Execute : 0)
            | (At(ref line, at + 4) == 's' ? Protection.Shared : 0);
        at += 6;
        if (at + 9 > length || At(ref line, at + 8) != ' ' || !TryHex8(ref Unsafe.Add(ref line, at), out region.Offset))
        {
            region.Offset = Hex(ref line, ref at);
        }
        else
        {
            at += 8;
        }
        if (At(ref line, at) != ' ')
        {
            return false;
        }
        at++;
        if (at + 8 <= length && Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref line, at)) == s_noFile)
        {
            at += 8;
        }
        else
        {
            var major = Hex(ref line, ref at);
            if (At(ref line, at) != ':')
            {
                return false;
            }
            at++;
            region.Device = (uint)(major << 20 | Hex(ref line, ref at));
            if (At(ref line, at) != ' ')
            {
                return false;
            }
            at++;
            for (uint digit; (digit = (uint)At(ref line, at) - '0') <= 9; at++)
            {
                region.Inode = region.Inode * 10 + digit;
            }
        }
        while (At(ref line, at) == ' ')
        {
            at++;
        }
        if (at < length)
        {
            region.Name = Names.Intern(text[at..length]);
        }
        return region.End > region.Start && ((region.Start | region.End) & (RegionTableBuilder.PageSize - 1)) == 0;
    }

    /// <summary><c>7f0123456789-7f0123456789 </c></summary>
    private static bool TryUsualAddresses(ref byte line, ref SmapsRegion region)
    {
        // The last eight digits of each, and before them the first eight: four of these twice.
        if (At(ref line, 12) != '-'
            || At(ref line, 25) != ' '
            || !TryHex8(ref line, out var startHigh)
            || !TryHex8(ref Unsafe.Add(ref line, 4), out var startLow)
            || !TryHex8(ref Unsafe.Add(ref line, 13), out var endHigh)
            || !TryHex8(ref Unsafe.Add(ref line, 17), out var endLow))
        {
            return false;
        }
        region.Start = startHigh >> 16 << 32 | startLow;
        region.End = endHigh >> 16 << 32 | endLow;
        return true;
    }

    /// <summary>Eight hexadecimal digits at once: each byte to its value, then neighbours are joined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryHex8(ref byte digits, out ulong value)
    {
        const ulong Ones = 0x0101010101010101;
        var x = Unsafe.ReadUnaligned<ulong>(ref digits);
        var letters = x >> 6 & Ones; // 'a' to 'f' are 0x61 to 0x66, '0' to '9' are 0x30 to 0x39
        var nibbles = (x & 0x0F * Ones) + 9 * letters;
        // The high half of each byte must be 3, of a letter 6; a digit's value must stay below 10, a letter's below 16.
        var wrong = x & 0xF0 * Ones ^ (0x30 * Ones ^ 0x50 * letters) | nibbles + 6 * (letters ^ Ones) & 0xF0 * Ones;
        // The first digit is in the lowest byte, and is the highest.
        nibbles = (nibbles << 4 | nibbles >> 8) & 0x00FF00FF00FF00FF;
        nibbles = (nibbles << 8 | nibbles >> 16) & 0x0000FFFF0000FFFF;
        value = (nibbles << 16 | nibbles >> 32) & 0xFFFFFFFF;
        return wrong == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte At(ref byte line, int at) => Unsafe.Add(ref line, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hex(ref byte line, ref int at)
    {
        var value = 0UL;
        while (true)
        {
            uint c = Unsafe.Add(ref line, at);
            var digit = c - '0';
            if (digit > 9)
            {
                digit = (c | 32) - 'a';
                if (digit > 5)
                {
                    return value;
                }
                digit += 10;
            }
            value = value << 4 | digit;
            at++;
        }
    }

    /// <summary><c> rd wr mr mw me ac </c></summary>
    private static VmFlags Flags(ReadOnlySpan<byte> codes)
    {
        var flags = VmFlags.Known;
        for (var at = 1; at + 1 < codes.Length; at += 3)
        {
            flags |= s_flags[FlagIndex(codes[at], codes[at + 1])];
        }
        return flags;
    }

    /// <summary>Ten bits: lower-case letters differ in their lowest five.</summary>
    private static int FlagIndex(byte first, byte second) => (first & 31) << 5 | second & 31;

    private static VmFlags[] FlagTable()
    {
        var table = new VmFlags[1024];
        table[FlagIndex((byte)'a', (byte)'c')] = VmFlags.Accounted;
        table[FlagIndex((byte)'n', (byte)'r')] = VmFlags.NoReserve;
        table[FlagIndex((byte)'d', (byte)'d')] = VmFlags.DontDump;
        table[FlagIndex((byte)'h', (byte)'t')] = VmFlags.HugeTlb;
        return table;
    }

    /// <summary>Room for the next record, emptied; it counts once it is kept.</summary>
    private ref SmapsRegion Next()
    {
        if (Count == _regions.Length)
        {
            Array.Resize(ref _regions, _regions.Length * 2);
        }
        ref var region = ref _regions[Count];
        region = default;
        return ref region;
    }

    /// <summary>Counts the record that <see cref="Next"/> made room for.</summary>
    private void Keep(in SmapsRegion region)
    {
        if (Count > 0 && region.Start < _regions[Count - 1].End)
        {
            Overlapping++;
        }
        else if (Count == MaxRegions)
        {
            OverLimit++;
        }
        else
        {
            Count++;
        }
    }
}
