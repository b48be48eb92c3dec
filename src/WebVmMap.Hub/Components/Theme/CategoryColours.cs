using System.Collections.Immutable;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Theme;

/// <summary>
/// The colours of the categories on the server's side. Chosen so that the nearest pair is at least 22 (light) and 24 (dark)
/// apart by CIE76 under normal, deuteranopic, protanopic and tritanopic sight. The browser's side has the same table in
/// <c>wwwroot-assets/src/lib/colours.ts</c>; a test holds the two together.
/// </summary>
public static class CategoryColours
{
    private static readonly ImmutableArray<CategoryColour> s_byCategory =
    [
        new("#818991", "#7A828D"), // Unspecified: never a row; looks like Unusable should one ever come
        new("#8446CD", "#9332E0"), // Image
        new("#5FC5FD", "#92DEFF"), // Mapped File
        new("#1A30DC", "#085C98"), // Shareable
        new("#2E6B3C", "#44AB6C"), // Heap
        new("#96CB93", "#C7ECC6"), // Managed Heap
        new("#D36112", "#EF8505"), // Stack
        new("#F3D46C", "#EDE27A"), // Private Data
        new("#6D1356", "#DD0C2E"), // Page Table
        new("#818991", "#7A828D"), // Unusable
        new("#E9EDF2", "#232A34"), // Free
    ];

    /// <summary>The colour of a category.</summary>
    public static CategoryColour Of(RegionCategory category) =>
        s_byCategory[(int)category < s_byCategory.Length ? (int)category : 0];

    /// <summary>The CSS value that is a category's fill in the theme that shows, for example <c>var(--wvm-heap)</c>.</summary>
    public static string CssFill(RegionCategory category) =>
        $"var(--wvm-{category.DisplayName().ToLowerInvariant().Replace(' ', '-')})";
}
