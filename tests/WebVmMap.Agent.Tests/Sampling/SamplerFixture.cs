using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Sampling;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Sampling;

/// <summary>A running sampler of a made-up process, on a clock that the test moves.</summary>
internal sealed class SamplerFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _breakOff = new();
    private readonly SemaphoreSlim _passes = new(1);
    private readonly WatchSampler _sampler;
    private readonly FrameDecoder _decoder;

    public SamplerFixture(double intervalSeconds, SnapshotCost cost = default, Action<FakeProcess>? prepare = null)
    {
        Process.Cost = cost;
        prepare?.Invoke(Process);
        Request.SetInterval(TimeSpan.FromSeconds(intervalSeconds));
        var host = new FakeHostProbe();
        host.Add(Process);
        Assert.True(host.Open(Process.Key.Pid, null).TryGet(out var probe));
        _decoder = new FrameDecoder(Process.Info);
        _sampler = new WatchSampler(probe, Sink, Request, new SamplingBudget(new AgentLimits()), _passes, Drops, Time, Log);
        Running = _sampler.RunAsync(_stop.Token, _breakOff.Token);
    }

    public FakeProcess Process { get; } = new(7);

    public RecordingSink Sink { get; } = new();

    public WatchRequest Request { get; } = new();

    public DropCount Drops { get; } = new();

    public DrivenTime Time { get; } = new();

    public ErrorLog Log { get; } = new();

    public Task Running { get; }

    /// <summary>The next thing sent, which has to be a frame; applied to what was sent before.</summary>
    public async Task<(Snapshot Snapshot, WatchCost Cost, byte[] Frame)> NextFrameAsync()
    {
        var sent = await Sink.NextAsync();
        Assert.NotNull(sent.Frame);
        Assert.NotNull(sent.Cost);
        Assert.Equal(FrameOutcome.Applied, _decoder.Apply(sent.Frame));
        Assert.NotNull(_decoder.Current);
        return (_decoder.Current, sent.Cost.Value, sent.Frame);
    }

    public Task StopAsync() => _stop.CancelAsync();

    public Task BreakOffAsync() => _breakOff.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _breakOff.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sampler.Dispose();
        _stop.Dispose();
        _breakOff.Dispose();
        _passes.Dispose();
    }
}
