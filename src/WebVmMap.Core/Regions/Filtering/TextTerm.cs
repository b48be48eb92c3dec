using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>A word: the detail, the category's name or the address as text contains it, ignoring case.</summary>
internal sealed class TextTerm(string text) : FilterTerm
{
    public override bool Matches(RegionTable table, int row, HostPlatform platform) =>
        table.DetailText(row).Contains(text, StringComparison.OrdinalIgnoreCase)
        || table.Categories[row].DisplayName().Contains(text, StringComparison.OrdinalIgnoreCase)
        || AddressContains(table.Addresses[row]);

    private bool AddressContains(ulong address)
    {
        Span<char> buffer = stackalloc char[18];
        return text.Length <= buffer.Length
            && buffer.TryWrite(CultureInfo.InvariantCulture, $"0x{address:x}", out var length)
            && ((ReadOnlySpan<char>)buffer[..length]).Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
