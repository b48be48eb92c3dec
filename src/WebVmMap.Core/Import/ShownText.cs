namespace WebVmMap.Core.Import;

/// <summary>Text out of a file for a message: short, and without what could steer a terminal.</summary>
internal static class ShownText
{
    /// <summary>The beginning of a text, with what is no ordinary character replaced.</summary>
    public static string Of(ReadOnlySpan<char> text, int length = 40)
    {
        var shown = new string([.. text[..Math.Min(length, text.Length)].ToArray().Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c)]);
        return text.Length > length ? shown + "…" : shown;
    }
}
