using System.Collections.Frozen;

namespace WebVmMap.Core.Regions;

/// <summary>The categories in their order, and their names as the UI, the API and the exports spell them.</summary>
public static class RegionCategories
{
    private static readonly string[] s_names =
        ["Unspecified", "Image", "Mapped File", "Shareable", "Heap", "Managed Heap", "Stack", "Private Data", "Page Table", "Unusable", "Free"];

    private static readonly FrozenDictionary<string, RegionCategory> s_byName =
        Enumerable.Range(1, s_names.Length - 1).ToFrozenDictionary(i => s_names[i], i => (RegionCategory)i, StringComparer.OrdinalIgnoreCase);

    /// <summary>One more than the largest category value: the length of an array indexed by category.</summary>
    public const int Length = (int)RegionCategory.Free + 1;

    /// <summary>Every category a region can have, in summary order.</summary>
    public static IReadOnlyList<RegionCategory> All { get; } = [.. Enumerable.Range(1, Length - 1).Select(i => (RegionCategory)i)];

    /// <summary>The name that people see, for example <c>Mapped File</c>.</summary>
    public static string DisplayName(this RegionCategory category) =>
        (int)category < s_names.Length ? s_names[(int)category] : "Unspecified";

    /// <summary>True for the rows that are derived from what lies between regions, and so are neither sent nor stored.</summary>
    public static bool IsGap(this RegionCategory category) => category is RegionCategory.Free or RegionCategory.Unusable;

    /// <summary>Finds a category by its display name, ignoring case.</summary>
    /// <returns>False when there is none of that name.</returns>
    public static bool TryParse(string name, out RegionCategory category) => s_byName.TryGetValue(name, out category);
}
