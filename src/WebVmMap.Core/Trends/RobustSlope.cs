namespace WebVmMap.Core.Trends;

/// <summary>
/// How fast a series grows, in bytes per hour: the median of the slopes between any two of its points (Theil-Sen), which a few
/// points that lie apart do not move, and between which bounds it lies with 95 % certainty (from the distribution of Kendall's
/// S without a correction for ties, so rather too wide than too narrow; https://en.wikipedia.org/wiki/Theil-Sen_estimator).
/// </summary>
/// <param name="PerHour">The slope.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
public readonly record struct RobustSlope(double PerHour, double Low, double High)
{
    // The normal distribution holds 95 % within this many standard deviations.
    private const double Certainty = 1.959964;

    /// <summary>Works it out. Takes n² / 2 steps for n points.</summary>
    /// <param name="hours">When, in hours from any moment, ascending.</param>
    /// <param name="bytes">How much there was then.</param>
    /// <returns>All 0 where no two points lie apart in time.</returns>
    public static RobustSlope Of(ReadOnlySpan<double> hours, ReadOnlySpan<long> bytes)
    {
        var slopes = new double[bytes.Length * (bytes.Length - 1) / 2];
        var count = 0;
        for (var later = 1; later < bytes.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (hours[later] > hours[earlier])
                {
                    slopes[count++] = ((double)bytes[later] - bytes[earlier]) / (hours[later] - hours[earlier]);
                }
            }
        }
        if (count == 0)
        {
            return default;
        }
        var sorted = slopes.AsSpan(0, count);
        sorted.Sort();
        var n = (double)bytes.Length;
        var spread = Certainty * Math.Sqrt(n * (n - 1) * ((2 * n) + 5) / 18);
        var low = (int)Math.Max(0, Math.Round((count - spread) / 2) - 1);
        var high = (int)Math.Min(count - 1, Math.Round((count + spread) / 2));
        var median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new RobustSlope(median, sorted[low], sorted[high]);
    }
}
