using System.Globalization;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>Reads <c>[figure] comparison number [unit]</c>.</summary>
internal static class MetricTermParser
{
    private const string Units = "KMGT";

    /// <returns>Null when the text is none.</returns>
    public static MetricTerm? TryParse(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAny('<', '>', '=');
        if (at < 0 || !TryMetric(text[..at], out var metric))
        {
            return null;
        }
        var orEqual = text[at] != '=' && text[(at + 1)..].StartsWith('=');
        var comparison = (text[at], orEqual) switch
        {
            ('>', false) => Comparison.Above,
            ('>', true) => Comparison.AtLeast,
            ('<', false) => Comparison.Below,
            ('<', true) => Comparison.AtMost,
            _ => Comparison.Equal,
        };
        return TryBytes(text[(at + (orEqual ? 2 : 1))..], out var bytes) ? new MetricTerm(metric, comparison, bytes) : null;
    }

    private static bool TryMetric(ReadOnlySpan<char> name, out RegionMetric metric)
    {
        RegionMetric? found = name switch
        {
            "" => RegionMetric.Size,
            _ when Is(name, "size") => RegionMetric.Size,
            _ when Is(name, "committed") => RegionMetric.Committed,
            _ when Is(name, "private") => RegionMetric.Private,
            _ when Is(name, "ws") => RegionMetric.TotalWs,
            _ when Is(name, "shared") => RegionMetric.SharedWs,
            _ when Is(name, "locked") => RegionMetric.LockedWs,
            _ when Is(name, "pss") => RegionMetric.Pss,
            _ when Is(name, "swap") => RegionMetric.Swap,
            _ when Is(name, "reserved") => RegionMetric.Reserved,
            _ => null,
        };
        metric = found ?? default;
        return found is not null;
    }

    /// <summary>Digits, perhaps a point and digits, then B, K, KB, KiB and so on to T, all binary.</summary>
    private static bool TryBytes(ReadOnlySpan<char> text, out double bytes)
    {
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }
        bytes = 0;
        if (digits == 0
            || text[0] == '.'
            || text[digits - 1] == '.'
            || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !TryUnit(text[digits..], out var unit))
        {
            return false;
        }
        bytes = number * unit;
        return true;
    }

    private static bool TryUnit(ReadOnlySpan<char> text, out long unit)
    {
        unit = 1;
        if (text.IsEmpty || Is(text, "b"))
        {
            return true;
        }
        var power = Units.IndexOf(char.ToUpperInvariant(text[0])) + 1;
        unit = 1L << (10 * power);
        return power > 0 && (text.Length == 1 || Is(text[1..], "b") || Is(text[1..], "ib"));
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
