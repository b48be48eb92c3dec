using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.Recordings;

/// <summary>The published agent's <c>record --sample</c>: as close to the truth as chance lets it come, at a small part of the events.</summary>
public sealed class SampledRecordCommandTests(WinePrefix wine)
{
    [Theory(Timeout = 60_000)]
    [InlineData(1024)]
    [InlineData(16384)]
    public async Task RecordSampled_SizesThatAreKnown_AreEstimatedWithoutBias(long sampleBytes)
    {
        var run = await RecordedRun.OfAsync(wine, sampleBytes, WinePrefix.WindowsPath(wine.AllocationsProgram), "sizes");
        var said = Counts.Said(run.Output);
        var found = run.ByFunction(said.Keys);
        foreach (var (function, size, allocations) in new[] { ("plain", 40, 200_000), ("zeroed", 1000, 20_000), ("taken", 100_000, 900), ("regrown", 1500, 20_000) })
        {
            // Each allocation is an independent draw: the estimate's relative deviation is sqrt((1 - p) / (p n)). Seven of them, and the rounding of weights.
            var p = 1 - Math.Exp(-size / (double)sampleBytes);
            var most = (7 * Math.Sqrt((1 - p) / (p * allocations))) + 0.002;
            AssertNear(said[function].Blocks, found[function].Blocks, most, $"blocks of {function}");
            AssertNear(said[function].Bytes, found[function].Bytes, most, $"bytes of {function}");
            // A third is kept, so the error of what is left is larger than that of all by up to the root of 3.
            AssertNear(said[function].Bytes - said[function].FreedBytes, found[function].Bytes - found[function].FreedBytes, most * 2, $"live bytes of {function}");
        }
        Assert.Equal((0, 0, sampleBytes), (run.State.Health.UnknownFrees, run.State.Health.DroppedEvents, run.State.Health.SampleBytes));
        Assert.InRange(run.State.Health.Events, 1000, said.Values.Sum(counts => counts.Blocks + counts.FreedBlocks) / 2);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("family")]
    [InlineData("threads")]
    [InlineData("cross")]
    [InlineData("reallocs")]
    [InlineData("exceptions")]
    public async Task RecordSampled_AtEveryFewBytes_FreesWhatItAllocated(string scenario)
    {
        var run = await RecordedRun.OfAsync(wine, 256, WinePrefix.WindowsPath(wine.AllocationsProgram), scenario);
        var said = Counts.Said(run.Output);
        var found = run.ByFunction(said.Keys);
        foreach (var function in said.Where(site => site.Value.Blocks == site.Value.FreedBlocks && site.Value.Bytes == site.Value.FreedBytes).Select(site => site.Key))
        {
            var counts = found.GetValueOrDefault(function);
            Assert.Equal((function, 0L, 0L), (function, counts.Blocks - counts.FreedBlocks, counts.Bytes - counts.FreedBytes));
        }
        Assert.Equal((0, 0), (run.State.Health.UnknownFrees, run.State.Health.MissedFrees));
    }

    private static void AssertNear(long expected, long actual, double most, string what) =>
        Assert.True(Math.Abs(actual - expected) <= most * expected, $"{what}: {actual} instead of {expected}, off by {Math.Abs(actual - expected) / (double)expected:P2}; {most:P2} may be chance");
}
