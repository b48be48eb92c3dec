using System.Collections.Immutable;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Trends;

/// <summary>How the bytes of something went through the snapshots of a process. Immutable.</summary>
public sealed record TrendSeries
{
    /// <summary>Its category; <see cref="RegionCategory.Unspecified"/> for the whole process.</summary>
    public required RegionCategory Category { get; init; }

    /// <summary>
    /// What it is within the category: a file, a heap, threads of a name, with <c>#</c> for numbers, so that all threads of a pool
    /// are one and a leak of threads shows. Empty for memory without a name, and for a whole category.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>How it went.</summary>
    public required TrendKind Kind { get; init; }

    /// <summary>How fast, in bytes per hour.</summary>
    public required RobustSlope Slope { get; init; }

    /// <summary>Its bytes in each snapshot, the oldest first.</summary>
    public required ImmutableArray<long> Bytes { get; init; }

    /// <summary>In how many of the intervals between two snapshots it grew.</summary>
    public required int GrewIn { get; init; }

    /// <summary>In how many it fell.</summary>
    public required int FellIn { get; init; }

    /// <summary>The largest rise within one interval, in bytes.</summary>
    public required long LargestRise { get; init; }

    /// <summary>How many regions of the newest snapshot have grown since the oldest, or were not there.</summary>
    public int RegionCount { get; init; }

    /// <summary>Those that grew most, the most first; at most <see cref="TrendBuilder.MaxRegions"/>.</summary>
    public ImmutableArray<TrendRegion> Regions { get; init; } = [];

    /// <summary>How many intervals there are.</summary>
    public int Intervals => Bytes.Length - 1;

    /// <summary>Bytes in the oldest snapshot.</summary>
    public long First => Bytes[0];

    /// <summary>Bytes in the newest snapshot.</summary>
    public long Last => Bytes[^1];
}
