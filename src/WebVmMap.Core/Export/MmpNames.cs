using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Export;

/// <summary>
/// The numbers and words of VMMap's <c>.mmp</c> files. Nobody has published the format: docs/formats.md says what each of these was
/// learned from, and what is only inferred.
/// </summary>
internal static class MmpNames
{
    /// <summary>The processing instruction in which a file of ours says what VMMap's names have no room for.</summary>
    public const string Instruction = "webvmmap";

    // MEMORY_BASIC_INFORMATION: https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-memory_basic_information
    private const uint MemReserve = 0x2000;
    private const uint MemFree = 0x10000;
    private const uint MemPrivate = 0x20000;
    private const uint MemMapped = 0x40000;
    private const uint MemImage = 0x1000000;

    /// <summary>No UseType at all.</summary>
    public const int None = -1;

    /// <summary>The UseType of the row with which old versions balanced their sums.</summary>
    public const int Unknown = 7;

    private static readonly RegionCategory[] s_categories =
    [
        RegionCategory.Heap,
        RegionCategory.Stack,
        RegionCategory.Image,
        RegionCategory.MappedFile,
        RegionCategory.PrivateData,
        RegionCategory.Shareable,
        RegionCategory.Free,
        RegionCategory.Unspecified,
        RegionCategory.ManagedHeap,
        RegionCategory.PageTable,
        RegionCategory.Unusable,
    ];

    /// <summary>The category of a UseType; Unspecified for one that is not known.</summary>
    public static RegionCategory Category(long useType) =>
        useType >= 0 && useType < s_categories.Length ? s_categories[useType] : RegionCategory.Unspecified;

    /// <summary>The UseType of a category.</summary>
    public static int UseType(RegionCategory category) => Array.IndexOf(s_categories, category);

    /// <summary>The word of the Type column.</summary>
    public static string Type(RegionCategory category) => category switch
    {
        RegionCategory.Heap => "Heap (Private Data)",
        RegionCategory.Stack => "Thread Stack",
        _ => category.DisplayName(),
    };

    /// <summary>What the pages are made of.</summary>
    public static uint Storage(RegionCategory category, Protection protection) => category switch
    {
        RegionCategory.Free or RegionCategory.Unusable => MemFree,
        _ when protection == Protection.Reserved => MemReserve,
        RegionCategory.Image => MemImage,
        RegionCategory.MappedFile or RegionCategory.Shareable => MemMapped,
        _ => MemPrivate,
    };
}
