using System.Text;

namespace WebVmMap.Core.Tests.Fuzz;

/// <summary>Breaks files the way disks, editors and people who mean harm do. The same seed always breaks them alike.</summary>
internal sealed class Mutator(int seed)
{
    // What a parser may trip over: limits of numbers, markup, ends of texts, halves of characters.
    private static readonly byte[][] s_words =
    [
        .. new[]
        {
            "9223372036854775807", "9223372036854775808", "18446744073709551615", "-1", "0", "1e308", "NaN", "0x", "0xffffffffffffffff", "null", "true", "[]", "{}",
            "\"", "'", "<", ">", "&", "&amp;", "&#0;", "&#xD800;", "&x;", "<!--", "]]>", "<![CDATA[", "<?", "?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "</Region>", "<Region>", "<Snapshot>",
            ",", ";", "\t", "\r", "\n", "\r\r\n", "\0", "\\ud800", "\\u0000", "\uFFFD", "\uFEFF", "\u202F", "  ", "Address", "Type", "Units", "bytes", "children", "regions", "WVMS",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff, 0xfe], [0xfe, 0xff], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0x1f, 0x8b],
    ];

    private readonly Random _random = new(seed);

    /// <summary>A broken copy.</summary>
    public byte[] Mutate(byte[] file)
    {
        var bytes = file.ToList();
        for (var times = 1 + _random.Next(4); times > 0; times--)
        {
            Change(bytes);
        }
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 64), bytes.Count - at);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Enumerable.Repeat(bytes.Count == 0 ? (byte)'0' : bytes[Math.Min(at, bytes.Count - 1)], _random.Next(1, 400)));
                break;
            case 6:
                Replace(bytes, at);
                break;
            default:
                bytes.InsertRange(at, s_words[_random.Next(s_words.Length)]);
                break;
        }
    }

    /// <summary>Puts a word in the place of a number or name.</summary>
    private void Replace(List<byte> bytes, int at)
    {
        var end = at;
        while (end < bytes.Count && char.IsAsciiLetterOrDigit((char)bytes[end]))
        {
            end++;
        }
        bytes.RemoveRange(at, end - at);
        bytes.InsertRange(at, s_words[_random.Next(s_words.Length)]);
    }
}
