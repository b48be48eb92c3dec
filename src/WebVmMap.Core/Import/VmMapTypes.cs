using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>The words of the Type column, VMMap's and ours.</summary>
internal static class VmMapTypes
{
    /// <summary>
    /// The category of a type: <c>Heap (Private Data)</c>, <c>Image (ASLR)</c>, <c>Thread Stack</c>. Unspecified for one that is not known.
    /// </summary>
    public static RegionCategory Category(ReadOnlySpan<char> type)
    {
        type = type.Trim();
        if (type.Equals("Thread Stack", StringComparison.OrdinalIgnoreCase))
        {
            return RegionCategory.Stack;
        }
        // What stands in brackets says how a type was found, not another one.
        var bracket = type.IndexOf('(');
        var name = bracket < 0 ? type : type[..bracket].TrimEnd();
        foreach (var category in RegionCategories.All)
        {
            if (name.Equals(category.DisplayName(), StringComparison.OrdinalIgnoreCase))
            {
                return category;
            }
        }
        return RegionCategory.Unspecified;
    }
}
