using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>A word: the detail, the category's name or the address as text contains it, ignoring case.</summary>
internal sealed class TextTerm(string text) : FilterTerm
{
    private const int MaxAddressLength = 18;

    // Most words cannot be part of an address, and then none needs to be written down for every row.
    private readonly bool _mayBeInAddress = text.Length <= MaxAddressLength && text.All(c => char.IsAsciiHexDigit(c) || c is 'x' or 'X');

    public override bool Matches(RegionTable table, int row, HostPlatform platform) =>
        table.DetailText(row).Contains(text, StringComparison.OrdinalIgnoreCase)
        || table.Categories[row].DisplayName().Contains(text, StringComparison.OrdinalIgnoreCase)
        || (_mayBeInAddress && AddressContains(table.Addresses[row]));

    private bool AddressContains(ulong address)
    {
        Span<char> buffer = stackalloc char[MaxAddressLength];
        return buffer.TryWrite(CultureInfo.InvariantCulture, $"0x{address:x}", out var length)
            && ((ReadOnlySpan<char>)buffer[..length]).Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
