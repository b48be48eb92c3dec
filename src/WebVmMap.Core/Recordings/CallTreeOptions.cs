namespace WebVmMap.Core.Recordings;

/// <summary>How a call tree is made. Immutable.</summary>
public sealed record CallTreeOptions
{
    /// <summary>From where it looks.</summary>
    public CallTreeView View { get; init; }

    /// <summary>What it is ordered by, greatest first, and what shares are of.</summary>
    public AllocationMetric Metric { get; init; }

    /// <summary>Nodes with less than this share of the root's <see cref="Metric"/>, from 0 to 1, stand together as one beside their siblings.</summary>
    public double MinShare { get; init; }

    /// <summary>
    /// Most nodes, at least two; null for as many as there are. Where there would be more, those with the least of <see cref="Metric"/> stand
    /// together as well, and <see cref="CallTree.Cut"/> tells of it.
    /// </summary>
    public int? MaxNodes { get; init; }

    /// <summary>Whether a function that calls itself, directly or through others, is one node: what it did in the end counts there.</summary>
    public bool CollapseRecursion { get; init; }

    /// <summary>Whether calls from several lines of one function are one node.</summary>
    public bool MergeLines { get; init; }

    /// <summary>Only what was got through this; null for all.</summary>
    public AllocationKind? Kind { get; init; }

    /// <summary>Only blocks of this <see cref="Recordings.SizeClass"/>; null for all.</summary>
    public byte? SizeClass { get; init; }

    /// <summary>Whether what a site has is told, by its kind and the size of its blocks.</summary>
    public bool Takes(AllocationSite site) => (Kind is not { } kind || site.Kind == kind) && (SizeClass is not { } size || site.SizeClass == size);
}
