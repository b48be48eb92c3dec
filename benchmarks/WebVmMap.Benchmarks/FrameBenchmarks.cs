using BenchmarkDotNet.Attributes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks;

/// <summary>One live update of which one region in a hundred changed, and the key frame that it spares.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly FrameEncoder _encoder = new(includeGaps: false);
    private Snapshot _one = null!;
    private Snapshot _other = null!;
    private FrameDecoder _decoder = null!;
    private byte[] _key = [];
    private byte[] _delta = [];

    [Params(100_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _one = BigProcess.Take(Regions);
        _other = BigProcess.After(_one, 1);
        _decoder = new FrameDecoder(_one.Process);
        var encoder = new FrameEncoder(includeGaps: false);
        _key = encoder.Key(_one);
        _delta = encoder.Next(_other);
        _encoder.Key(_one);
    }

    [Benchmark]
    public byte[] EncodeKey() => new FrameEncoder(includeGaps: false).Key(_one);

    /// <summary>There and back between two samples.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public int EncodeDelta() => _encoder.Next(_other).Length + _encoder.Next(_one).Length;

    [Benchmark]
    public FrameOutcome DecodeKey() => _decoder.Apply(_key);

    [Benchmark]
    public FrameOutcome DecodeKeyThenDelta()
    {
        _decoder.Apply(_key);
        return _decoder.Apply(_delta);
    }
}
