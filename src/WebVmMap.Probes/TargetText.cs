using System.Buffers;

namespace WebVmMap.Probes;

/// <summary>Texts that an inspected program, or whoever named its files, chose: they must not steer a terminal or mislead a reader.</summary>
internal static class TargetText
{
    private const char Replacement = '\uFFFD';

    // C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of writing, with which a name can
    // be made to look like another one (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
    private static readonly SearchValues<char> s_misleading = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7F, 0x21).Select(c => (char)c),
        '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>True for a text that holds nothing a reader would not see.</summary>
    public static bool IsPrintable(ReadOnlySpan<char> text) => text.IndexOfAny(s_misleading) < 0;

    /// <summary>True for a character that a reader would not see.</summary>
    public static bool IsMisleading(char c) => s_misleading.Contains(c);

    /// <summary>
    /// The text with a sign for each character that would not be seen: for a control character its picture (U+2400 and on), for
    /// others U+FFFD. What is printable is not copied.
    /// </summary>
    public static string Printable(string text) => IsPrintable(text) ? text : string.Create(text.Length, text, static (signs, text) =>
    {
        for (var i = 0; i < signs.Length; i++)
        {
            signs[i] = text[i] switch
            {
                < ' ' => (char)('\u2400' + text[i]),
                '\u007F' => '\u2421',
                var c => IsMisleading(c) ? Replacement : c,
            };
        }
    });
}
