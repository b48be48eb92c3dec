using System.Globalization;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>Makes a condition of a term.</summary>
internal static class FilterTermParser
{
    public static FilterTerm Parse(FilterToken token)
    {
        var term = (token.Quoted ? null : TryParse(token.Text)) ?? new TextTerm(token.Text);
        return token.Negated ? new NegatedTerm(term) : term;
    }

    private static FilterTerm? TryParse(string text)
    {
        if (TryPrefix(text, "cat:", out var names))
        {
            return new CategoryTerm(names);
        }
        if (TryPrefix(text, "prot:", out var protection))
        {
            return (FilterTerm?)ProtectionFlagsTerm.TryParse(protection) ?? new ProtectionTextTerm(protection);
        }
        if (TryPrefix(text, "addr:", out var address))
        {
            return TryAddress(address);
        }
        return MetricTermParser.TryParse(text);
    }

    /// <summary>True when the text is the prefix, in any case, and something.</summary>
    private static bool TryPrefix(string text, string prefix, out string value)
    {
        var found = text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        value = found ? text[prefix.Length..] : "";
        return found;
    }

    private static AddressTerm? TryAddress(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        return digits.Length <= 16 && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
            ? new AddressTerm(address)
            : null;
    }
}
