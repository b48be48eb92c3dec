namespace WebVmMap.Hub.Components.Compare;

/// <summary>What a set of changes amounts to. In bytes of the metric that is compared, but for the counts.</summary>
/// <param name="Allocations">How many allocations they belong to.</param>
/// <param name="Regions">How many they are.</param>
/// <param name="Before">What they had.</param>
/// <param name="After">What they have.</param>
/// <param name="Growth">By how much those grew that grew, the added ones among them.</param>
/// <param name="Shrinkage">By how much those shrank that shrank, the removed ones among them; not negative.</param>
public readonly record struct ChangeTotals(int Allocations, int Regions, long Before, long After, long Growth, long Shrinkage)
{
    /// <summary>After - before.</summary>
    public long Delta => After - Before;

    /// <summary>With one more region.</summary>
    internal ChangeTotals Plus(long before, long after) => this with
    {
        Regions = Regions + 1,
        Before = Before + before,
        After = After + after,
        Growth = Growth + Math.Max(0, after - before),
        Shrinkage = Shrinkage + Math.Max(0, before - after),
    };
}
