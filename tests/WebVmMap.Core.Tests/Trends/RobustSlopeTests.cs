using CsCheck;
using WebVmMap.Core.Trends;

namespace WebVmMap.Core.Tests.Trends;

public sealed class RobustSlopeTests
{
    private static readonly Gen<(double[] Hours, long[] Bytes)> s_series =
        Gen.Select(Gen.Double[0.01, 10], Gen.Long[0, 1L << 40]).Array[2, 40].Select(points =>
        {
            var at = 0.0;
            return (points.Select(point => at += point.Item1).ToArray(), points.Select(point => point.Item2).ToArray());
        });

    [Fact]
    public void Of_Line_IsItsSlopeWithoutDoubt() => Gen.Select(s_series, Gen.Int[-1000, 1000]).Sample((series, rate) =>
    {
        var slope = RobustSlope.Of(series.Hours, [.. series.Hours.Select(hour => (long)Math.Round(hour * 1e6) * rate)]);
        Assert.All([slope.PerHour, slope.Low, slope.High], value => Assert.Equal(rate * 1e6, value, Math.Abs(rate) * 200.0));
    });

    [Fact]
    public void Of_AnySeries_LiesBetweenItsSlowestAndFastestInterval() => s_series.Sample(series =>
    {
        var steps = Enumerable.Range(1, series.Bytes.Length - 1)
            .Select(i => (series.Bytes[i] - series.Bytes[i - 1]) / (series.Hours[i] - series.Hours[i - 1])).ToList();
        var slope = RobustSlope.Of(series.Hours, series.Bytes);
        var tolerance = 1e-9 * steps.Max(Math.Abs);
        Assert.InRange(slope.Low, steps.Min() - tolerance, slope.PerHour);
        Assert.InRange(slope.High, slope.PerHour, steps.Max() + tolerance);
    });

    [Fact]
    public void Of_LineWithOnePointFarOff_IsHardlyMoved()
    {
        double[] hours = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        long[] bytes = [.. Enumerable.Range(0, 20).Select(i => 1000L * i)];
        bytes[10] = 1L << 40;
        Assert.Equal(1000, RobustSlope.Of(hours, bytes).PerHour);
    }

    [Fact]
    public void Of_OneMoment_IsNothing() => Assert.Equal(default, RobustSlope.Of([1.0, 1.0, 1.0], [1, 2, 3]));

    // The example of scipy.stats.theilslopes' formula worked by hand: 4 points, 6 pairs, C = 1.959964 * sqrt(4 * 3 * 13 / 18) = 5.77,
    // so the first and the sixth of the slopes 1, 1.5, 2, 2, 2.33, 3.
    [Fact]
    public void Of_FourPoints_IsAsWorkedOutByHand()
    {
        var slope = RobustSlope.Of([0, 1, 2, 3], [0, 2, 3, 6]);
        Assert.Equal((2.0, 1.0, 3.0), (slope.PerHour, slope.Low, slope.High));
    }
}
