namespace WebVmMap.Core.Export;

/// <summary>
/// Keeps a spreadsheet from taking a text for a formula, which a process could put into its own names: an apostrophe in front makes it
/// a text (https://owasp.org/www-community/attacks/CSV_Injection). A text that begins with apostrophes and goes on like a formula gets
/// one more, so that taking one away always gives what there was.
/// </summary>
internal static class FormulaGuard
{
    /// <summary>True when a text has to be guarded, or is.</summary>
    public static bool Needs(ReadOnlySpan<char> text)
    {
        var rest = text.TrimStart('\'');
        return !rest.IsEmpty && rest[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n');
    }

    /// <summary>The text that was guarded.</summary>
    public static ReadOnlySpan<char> Remove(ReadOnlySpan<char> text) => text.Length > 0 && text[0] == '\'' && Needs(text) ? text[1..] : text;
}
