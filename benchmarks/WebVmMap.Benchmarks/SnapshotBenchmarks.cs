using BenchmarkDotNet.Attributes;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks;

/// <summary>What follows from the regions in use: gaps, allocations, summary; and one pass of a filter.</summary>
[MemoryDiagnoser]
public class SnapshotBenchmarks
{
    private readonly RegionFilter _filter = RegionFilter.Parse("worker -cat:image >4K");
    private RegionTable _observed = null!;
    private RegionTable _complete = null!;

    [Params(100_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _observed = BigProcess.Build(Regions);
        _complete = AddressSpace.Complete(_observed, BigProcess.Bounds);
    }

    [Benchmark]
    public RegionTable Complete() => AddressSpace.Complete(_observed, BigProcess.Bounds);

    [Benchmark]
    public AllocationTable Allocations() => AllocationTable.Of(_complete);

    [Benchmark]
    public SnapshotSummary Summary() => SnapshotSummary.Of(_complete, default, HostPlatform.Linux);

    [Benchmark]
    public int Filter()
    {
        var matches = 0;
        for (var row = 0; row < _complete.Count; row++)
        {
            matches += _filter.Matches(_complete, row, HostPlatform.Linux) ? 1 : 0;
        }
        return matches;
    }
}
