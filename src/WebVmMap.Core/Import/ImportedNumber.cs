using System.Globalization;

namespace WebVmMap.Core.Import;

/// <summary>Addresses as files write them.</summary>
internal static class ImportedNumber
{
    /// <summary>A hexadecimal address, with or without <c>0x</c> and blanks around it.</summary>
    public static bool TryHex(ReadOnlySpan<char> text, out ulong value)
    {
        text = text.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            text = text[2..];
        }
        return ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
