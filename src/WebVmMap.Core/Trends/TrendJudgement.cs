using System.Collections.Immutable;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Trends;

/// <summary>Says of a series how it went.</summary>
internal static class TrendJudgement
{
    // Two points make a line of anything; three rises of which none outweighs the others are a habit.
    private const int LeastRises = 3;

    public static TrendSeries Judge(RegionCategory category, string name, ReadOnlySpan<double> hours, ImmutableArray<long> bytes)
    {
        var (grew, fell) = (0, 0);
        var (rises, falls) = (0.0, 0.0);
        var (largest, deepest) = (0L, 0L);
        var hoursOfLargest = 0.0;
        for (var i = 1; i < bytes.Length; i++)
        {
            var step = bytes[i] - bytes[i - 1];
            grew += step > 0 ? 1 : 0;
            fell += step < 0 ? 1 : 0;
            rises += Math.Max(0.0, step);
            falls += Math.Max(0.0, -(double)step);
            if (step > largest)
            {
                (largest, hoursOfLargest) = (step, hours[i] - hours[i - 1]);
            }
            deepest = Math.Min(deepest, step);
        }
        // Most of a process never changes, and pairs of equal points have nothing to tell.
        var slope = grew + fell == 0 ? default : RobustSlope.Of(hours, bytes.AsSpan());
        var net = bytes[^1] - bytes[0];
        // An interval that lasted longer than all others together may hold most of a habit: nobody looked in between.
        var isOneEvent = largest * 2.0 > rises && hoursOfLargest * 2 <= hours[^1] - hours[0];
        var kind =
            grew + fell == 0 ? TrendKind.Steady
            : IsHabit(grew, bytes.Length - 1) && slope.Low > 0 && net > -(double)deepest && !isOneEvent ? TrendKind.Growing
            : net > 0 && largest * 2.0 >= rises && falls * 4 <= rises ? TrendKind.Step
            : net < 0 && rises * 4 <= falls ? TrendKind.Shrinking
            : TrendKind.Fluctuating;
        return new TrendSeries
        {
            Category = category,
            Name = name,
            Kind = kind,
            Slope = slope,
            Bytes = bytes,
            GrewIn = grew,
            FellIn = fell,
            LargestRise = largest,
        };
    }

    private static bool IsHabit(int grew, int intervals) => grew >= LeastRises && grew * 3 >= intervals;
}
