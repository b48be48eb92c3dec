using WebVmMap.Core.Diffs;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>Changes in words and signs: a sign always stands beside the colour.</summary>
public static class ChangeText
{
    private static readonly (DiffAspects Aspect, string Name)[] s_aspects =
    [
        (DiffAspects.Address, "address"), (DiffAspects.Size, "size"), (DiffAspects.Committed, "committed"), (DiffAspects.Private, "private"),
        (DiffAspects.Residency, "residency"), (DiffAspects.Protection, "protection"), (DiffAspects.Category, "category"),
        (DiffAspects.Details, "details"), (DiffAspects.Allocation, "allocation"), (DiffAspects.Part, "part of a region before or after"),
    ];

    /// <summary>The sign of a number: <c>+</c>, <c>−</c>, or nothing for zero.</summary>
    public static string Sign(long delta) => delta switch { > 0 => "+", < 0 => "−", _ => "" };

    /// <summary><c>+12.3 MiB</c>, <c>−4 KiB</c>; nothing for zero.</summary>
    public static string Cell(long delta) => delta == 0 ? "" : Sign(delta) + ByteText.Rounded(Magnitude(delta));

    /// <summary><c>+12.3 MiB</c>, <c>−4 KiB</c>, <c>±0 B</c>.</summary>
    public static string Rounded(long delta) => delta == 0 ? "±0 B" : Cell(delta);

    /// <summary><c>+12,897,485 bytes</c>.</summary>
    public static string Exact(long delta) => Sign(delta) + ByteText.Exact(Magnitude(delta));

    /// <summary><c>+12</c>, nothing for zero.</summary>
    public static string CountCell(long delta) => delta == 0 ? "" : Sign(delta) + ByteText.Count(Magnitude(delta));

    /// <summary>The class that colours a difference.</summary>
    public static string Class(long delta) => delta switch { > 0 => "growth", < 0 => "shrinkage", _ => "" };

    /// <summary>The class that colours a change.</summary>
    public static string Class(RegionChange change) => change switch
    {
        RegionChange.Added or RegionChange.Grown => "growth",
        RegionChange.Removed or RegionChange.Shrunk => "shrinkage",
        _ => "",
    };

    /// <summary><c>+ added</c>, <c>− shrunk</c>, <c>± changed</c>, <c>= same</c>.</summary>
    public static string Name(RegionChange change) => change switch
    {
        RegionChange.Added => "+ added",
        RegionChange.Removed => "− removed",
        RegionChange.Grown => "+ grown",
        RegionChange.Shrunk => "− shrunk",
        RegionChange.Changed => "± changed",
        _ => "= same",
    };

    /// <summary>In what a thing differs, in words; empty for nothing.</summary>
    public static string Aspects(DiffAspects aspects) => string.Join(", ", s_aspects.Where(a => aspects.HasFlag(a.Aspect)).Select(a => a.Name));

    // long.MinValue has no positive twin; no address space is that large, so what is lost is a byte of it.
    private static long Magnitude(long delta) => delta == long.MinValue ? long.MaxValue : Math.Abs(delta);
}
