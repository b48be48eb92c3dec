using System.Text;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// What a region's details say of it beyond one run and one installation: <c>/usr/lib/libssl.so.1.1</c> is <c>libssl.so.#</c>,
/// <c>Thread 4711 (worker-2)</c> is <c>Thread # (worker-#)</c>, <c>arena 0x7f0000000000</c> is <c>arena #</c>.
/// </summary>
public static class DetailIdentity
{
    private const string Deleted = " (deleted)";

    /// <summary>The text without directory, and with <c>#</c> for each number and version.</summary>
    public static string Of(string details)
    {
        // Blocks that malloc maps one by one; the kernel joins neighbours, and then they have one region.
        if (details == "mmapped chunk")
        {
            return "mmapped chunks";
        }
        var text = details.EndsWith(Deleted, StringComparison.Ordinal) ? details.AsSpan(0, details.Length - Deleted.Length) : details;
        if (IsPath(text))
        {
            text = text[(text.LastIndexOfAny('/', '\\') + 1)..];
        }
        if (!text.ContainsAnyInRange('0', '9'))
        {
            return text.Length == details.Length ? details : text.ToString();
        }
        var identity = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = NumberAt(text, i);
            identity.Append(length > 0 ? '#' : text[i]);
            i += Math.Max(1, length);
        }
        return identity.ToString();
    }

    // "C:\..." and "\Device\..." or "/..." ; a thread's name in brackets may hold a slash too, and is no path.
    private static bool IsPath(ReadOnlySpan<char> text) =>
        text.Length > 1 && (text[0] is '/' or '\\' || (text.Length > 2 && text[1] == ':' && text[2] == '\\'));

    /// <summary>Length of the number that begins here: <c>0x</c> and hexadecimal digits, or digits with single dots between them.</summary>
    private static int NumberAt(ReadOnlySpan<char> text, int start)
    {
        var i = start;
        if (text[i..].StartsWith("0x", StringComparison.OrdinalIgnoreCase) && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 2]))
        {
            for (i += 2; i < text.Length && char.IsAsciiHexDigit(text[i]); i++)
            {
            }
            return i - start;
        }
        while (i < text.Length
            && (char.IsAsciiDigit(text[i]) || (text[i] == '.' && i > start && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))))
        {
            i++;
        }
        return i - start;
    }
}
