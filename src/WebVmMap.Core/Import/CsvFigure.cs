namespace WebVmMap.Core.Import;

/// <summary>A whole number as a spreadsheet or VMMap writes it, with the thousands separators of any locale.</summary>
internal static class CsvFigure
{
    /// <summary>More than any process can have of anything: the largest address space there is is 2^57 bytes.</summary>
    public const long Max = 1L << 60;

    private static readonly (string Name, long Bytes)[] s_units = [("bytes", 1), ("KB", 1024), ("K", 1024)];

    /// <summary>Reads a figure; nothing at all is 0.</summary>
    /// <param name="text">The field.</param>
    /// <param name="unit">Bytes of one, where the field names no unit of its own.</param>
    /// <param name="bytes">The figure in bytes.</param>
    /// <returns>False when it is no number or too large to be true.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, long unit, out long bytes)
    {
        bytes = 0;
        text = WithoutUnit(text.Trim(), ref unit);
        var digits = 0;
        var sinceSeparator = -1;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                // The next digit must not pass 2^63.
                if (bytes > Max / 10)
                {
                    return false;
                }
                bytes = bytes * 10 + (c - '0');
                digits++;
                sinceSeparator += sinceSeparator >= 0 ? 1 : 0;
            }
            else if (IsSeparator(c) && digits > 0 && sinceSeparator is (-1 or 2 or 3))
            {
                sinceSeparator = 0;
            }
            else
            {
                return false;
            }
        }
        // What follows the last separator are three digits in every locale: fewer would be a fraction.
        if (sinceSeparator is not (-1 or 3) || (digits == 0 && !text.IsEmpty) || bytes > Max / unit)
        {
            return false;
        }
        bytes *= unit;
        return true;
    }

    private static bool IsSeparator(char c) => c is ',' or '.' or ' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '\u2019' or '_';

    private static ReadOnlySpan<char> WithoutUnit(ReadOnlySpan<char> text, scoped ref long unit)
    {
        foreach (var (name, bytes) in s_units)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                unit = bytes;
                return text[..^name.Length].TrimEnd();
            }
        }
        return text;
    }
}
