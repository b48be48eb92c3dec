using System.Text;

namespace WebVmMap.Protocol;

/// <summary>Texts that came from outside: of bounded length, and always valid Unicode.</summary>
internal static class WireText
{
    private const char Ellipsis = '\u2026';
    private const int EllipsisBytes = 3;

    /// <summary>
    /// The text, cut before <see cref="AgentProtocol.TextBytes"/> of UTF-8 are passed. A file name may hold what is no
    /// Unicode; a lone surrogate becomes U+FFFD, since protobuf refuses to send one.
    /// </summary>
    public static string Bounded(string text)
    {
        // Three bytes of UTF-8 are the most that one UTF-16 unit takes.
        if (text.Length * 3L <= AgentProtocol.TextBytes && !HoldsSurrogates(text))
        {
            return text;
        }
        var kept = new StringBuilder(Math.Min(text.Length, AgentProtocol.TextBytes));
        var bytes = 0;
        var room = Encoding.UTF8.GetByteCount(text) <= AgentProtocol.TextBytes ? AgentProtocol.TextBytes : AgentProtocol.TextBytes - EllipsisBytes;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > room)
            {
                return kept.Append(Ellipsis).ToString();
            }
            bytes += rune.Utf8SequenceLength;
            kept.Append(rune);
        }
        return kept.ToString();
    }

    /// <exception cref="InvalidDataException">The text is longer than an agent may send.</exception>
    public static string Checked(string text, string field) => Encoding.UTF8.GetByteCount(text) <= AgentProtocol.TextBytes
        ? text
        : throw new InvalidDataException($"The {field} of a process has more than {AgentProtocol.TextBytes} bytes.");

    private static bool HoldsSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
}
