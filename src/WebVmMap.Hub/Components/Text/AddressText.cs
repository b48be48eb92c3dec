using System.Globalization;

namespace WebVmMap.Hub.Components.Text;

/// <summary>Addresses as text: hexadecimal with <c>0x</c>, never as a number.</summary>
public static class AddressText
{
    /// <summary><c>0x7fd8ee112000</c>.</summary>
    public static string Format(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");

    /// <summary>Reads <c>0x7fd8ee112000</c>; the prefix is needed, so that a plain word is never taken for an address. A grave
    /// accent between the halves, as Windows debuggers write it, is passed over.</summary>
    public static bool TryParse(string? text, out ulong address)
    {
        address = 0;
        text = text?.Trim().Replace("`", "", StringComparison.Ordinal);
        return text is { Length: > 2 and <= 18 }
            && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }
}
