using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Tests;

/// <summary>Sampled recordings come as close to the truth as chance lets them, and cost a small part of the events.</summary>
public sealed class SampledTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(16384)]
    public async Task Launch_Sampled_EstimatesWithoutBias(long sampleBytes)
    {
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, "sizes"], new RecorderOptions { MaxWait = TimeSpan.FromMinutes(1), SampleBytes = sampleBytes });
        var said = recorded.Said();
        var found = recorded.ByFunction(RecordedProgram.Allocations);
        foreach (var (function, size, allocations) in new[] { ("plain", 40, 1_000_000), ("zeroed", 1000, 100_000), ("paged", 100_000, 900), ("grown", 1500, 100_000) })
        {
            // Each allocation is an independent draw: the estimate's relative deviation is sqrt((1 - p) / (p n)). Seven of them, and the rounding of weights.
            var p = 1 - Math.Exp(-size / (double)sampleBytes);
            var most = (7 * Math.Sqrt((1 - p) / (p * allocations))) + 0.002;
            AssertNear(said[function].Blocks, found[function].Blocks, most, $"blocks of {function}");
            AssertNear(said[function].Bytes, found[function].Bytes, most, $"bytes of {function}");
            // A third is kept, so the error of what is left is larger than that of all by up to the root of 3.
            AssertNear(said[function].Bytes - said[function].FreedBytes, found[function].Bytes - found[function].FreedBytes, most * 2, $"live bytes of {function}");
        }
        Assert.Equal(0, recorded.Health.UnknownFrees);
        Assert.Equal(sampleBytes, recorded.Health.SampleBytes);
        Assert.InRange(recorded.Health.Events, 1000, said.Values.Sum(counts => counts.Blocks + counts.FreedBlocks) / 2);
    }

    [Theory]
    [InlineData("family")]
    [InlineData("threads")]
    [InlineData("cross")]
    [InlineData("reallocs")]
    public async Task Launch_SampledAtEveryFewBytes_FreesWhatItAllocated(string scenario)
    {
        var recorded = await Recorded.RunAsync([RecordedProgram.Allocations.Path, scenario], new RecorderOptions { MaxWait = TimeSpan.FromMinutes(1), SampleBytes = 256 });
        var found = recorded.ByFunction(RecordedProgram.Allocations);
        foreach (var (function, counts) in recorded.Said().Where(site => site.Value is var counts && counts.Blocks == counts.FreedBlocks))
        {
            Assert.Equal((function, 0L, 0L), (function, found.GetValueOrDefault(function).Blocks - found.GetValueOrDefault(function).FreedBlocks, found.GetValueOrDefault(function).Bytes - found.GetValueOrDefault(function).FreedBytes));
        }
        Assert.Equal((0, 0), (recorded.Health.UnknownFrees, recorded.Health.MissedFrees));
    }

    [Fact]
    public void Weight_OfManySamples_IsRightOnAverage()
    {
        var weight = new SampleWeight(4096);
        foreach (var size in new[] { 1L, 32, 100, 4096, 20_000 })
        {
            var exact = 1 / (1 - Math.Exp(-Math.Max(size, SampleWeight.Least) / 4096.0));
            var mean = Enumerable.Range(0, 200_000).Average(_ => weight.Of(size));
            Assert.InRange(mean, exact - 0.01, exact + 0.01);
        }
        Assert.Equal(1, new SampleWeight(0).Of(40));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData((2L << 20) + 1)]
    [InlineData(-1)]
    public void Options_DistanceOutOfReach_IsRefused(long bytes) =>
        Assert.Throws<RecordingException>(() => new RecorderOptions { SampleBytes = bytes });

    private static void AssertNear(long expected, long actual, double most, string what) =>
        Assert.True(Math.Abs(actual - expected) <= most * expected, $"{what}: {actual} instead of {expected}, off by {Math.Abs(actual - expected) / (double)expected:P2}; {most:P2} may be chance");
}
