using BenchmarkDotNet.Attributes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks;

/// <summary>Snapshots to bytes and back: what the agent does once per snapshot, and the hub on every look at a stored one.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private Snapshot _snapshot = null!;
    private byte[] _encoded = [];

    [Params(100_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = BigProcess.Take(Regions);
        _encoded = SnapshotCodec.Encode(_snapshot);
    }

    [Benchmark]
    public byte[] Encode() => SnapshotCodec.Encode(_snapshot);

    [Benchmark]
    public Snapshot Decode() => SnapshotCodec.Decode(_encoded);
}
