using System.Collections.Immutable;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Views;

/// <summary>
/// What is selected, as tokens that outlive a sample: <c>a:0x7f00</c> an allocation, <c>r:0x7f00</c> a region,
/// <c>g:Image|/usr/bin/node</c> everything of a category with that detail. In a comparison <c>p:</c> and <c>o:</c> are allocations
/// and regions that only the older snapshot has. Order is that of choosing. Immutable.
/// </summary>
public sealed class SelectionTokens : IEquatable<SelectionTokens>
{
    /// <summary>More are not kept: a longer URL would not survive being passed on.</summary>
    public const int MaxTokens = 100;

    // Blanks and commas may stand in a path, so the separator is a character that no path of either system holds.
    private const char Separator = '\n';

    private readonly ImmutableArray<string> _tokens;

    private SelectionTokens(ImmutableArray<string> tokens) => _tokens = tokens;

    /// <summary>Nothing is selected.</summary>
    public static SelectionTokens None { get; } = new([]);

    /// <summary>The tokens, the last chosen at the end.</summary>
    public ImmutableArray<string> Tokens => _tokens;

    /// <summary>True when nothing is selected.</summary>
    public bool IsEmpty => _tokens.IsEmpty;

    /// <summary>The last chosen, empty when there is none: what the canvas marks.</summary>
    public string Last => _tokens.IsEmpty ? "" : _tokens[^1];

    /// <summary>One thing alone; nothing when the token is not one.</summary>
    public static SelectionTokens Of(string token) => IsToken(token) ? new([token]) : None;

    /// <summary>Several; the first <see cref="MaxTokens"/> of them.</summary>
    public static SelectionTokens Of(IEnumerable<string> tokens)
    {
        var kept = tokens.Where(IsToken).Distinct(StringComparer.Ordinal).Take(MaxTokens).ToImmutableArray();
        return kept.IsEmpty ? None : new(kept);
    }

    /// <summary>With a token added at the end, or taken out when it is there.</summary>
    public SelectionTokens Toggle(string token) => _tokens.Contains(token) ? new(_tokens.Remove(token)) : Of(_tokens.Append(token));

    /// <summary>The token of an allocation.</summary>
    public static string Allocation(ulong address) => $"a:{AddressText.Format(address)}";

    /// <summary>The token of a region.</summary>
    public static string Region(ulong address) => $"r:{AddressText.Format(address)}";

    /// <summary>The token of an allocation that is no more.</summary>
    public static string OldAllocation(ulong address) => $"p:{AddressText.Format(address)}";

    /// <summary>The token of a region that is no more.</summary>
    public static string OldRegion(ulong address) => $"o:{AddressText.Format(address)}";

    /// <summary>Reads what <see cref="ToString"/> writes; what is not a token is left out.</summary>
    public static SelectionTokens Parse(string text) => text.Length == 0 ? None : Of(text.Split(Separator));

    /// <inheritdoc/>
    public override string ToString() => string.Join(Separator, _tokens);

    /// <inheritdoc/>
    public bool Equals(SelectionTokens? other) => other is not null && _tokens.AsSpan().SequenceEqual(other._tokens.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SelectionTokens);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    internal static bool TryReadGroup(string token, out RegionCategory category, out string detail)
    {
        category = default;
        detail = "";
        if (!token.StartsWith("g:", StringComparison.Ordinal) || token.IndexOf('|', StringComparison.Ordinal) is not (> 2 and var bar))
        {
            return false;
        }
        detail = token[(bar + 1)..];
        return RegionCategories.TryParse(token[2..bar], out category);
    }

    internal static bool TryReadAddress(string token, char kind, out ulong address)
    {
        address = 0;
        return token.Length > 2 && token[0] == kind && token[1] == ':' && AddressText.TryParse(token[2..], out address);
    }

    private static bool IsToken(string token) =>
        TryReadAddress(token, 'a', out _) || TryReadAddress(token, 'r', out _) || TryReadGroup(token, out _, out _)
        || TryReadAddress(token, 'p', out _) || TryReadAddress(token, 'o', out _);
}
