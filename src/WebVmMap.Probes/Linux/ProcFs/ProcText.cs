using System.Text;

namespace WebVmMap.Probes.Linux.ProcFs;

/// <summary>Turns bytes that any program can choose (names, paths, arguments) into text that is safe to print.</summary>
internal static class ProcText
{
    /// <summary>
    /// Decodes UTF-8; what is not UTF-8 becomes U+FFFD. Control characters are written as the kernel writes a newline in a
    /// path, <c>\012</c>, so that a name cannot move a terminal's cursor; marks that turn the direction of writing become U+FFFD.
    /// </summary>
    /// <param name="bytes">The name.</param>
    /// <param name="zeroAs">What a zero byte becomes (it divides arguments), or null to escape it too.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, char? zeroAs = null)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return TargetText.IsPrintable(text) ? text : Escape(text, zeroAs);
    }

    private static string Escape(string text, char? zeroAs)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (c == '\0' && zeroAs is { } replacement)
            {
                escaped.Append(replacement);
            }
            else if (char.IsControl(c))
            {
                escaped.Append('\\').Append((char)('0' + (c >> 6))).Append((char)('0' + (c >> 3 & 7))).Append((char)('0' + (c & 7)));
            }
            else
            {
                escaped.Append(TargetText.IsMisleading(c) ? '\uFFFD' : c);
            }
        }
        return escaped.ToString();
    }
}
