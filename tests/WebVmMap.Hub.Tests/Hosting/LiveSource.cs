using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Tests.Shared;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>The agent's side of a watched process that grows with every tick.</summary>
internal sealed class LiveSource : IDisposable
{
    private readonly ScriptedSamples _samples;
    private readonly string _watchId;
    private readonly FrameEncoder _encoder = new(includeGaps: false);
    private readonly int _regions;
    private StringTable _strings = new();
    private int _ticks;

    private LiveSource(ScriptedSamples samples, string watchId, int regions)
    {
        _samples = samples;
        _watchId = watchId;
        _regions = regions;
    }

    /// <summary>Waits to be asked for samples, and begins.</summary>
    public static async Task<LiveSource> BeginAsync(ScriptedAgent agent, int regions = 200)
    {
        var watch = await agent.NextAsync(message => message.Watch);
        var samples = agent.StreamSamples();
        await samples.StateAsync(watch.WatchId, 1000, 0);
        await agent.AnswerListAsync(TestSnapshots.Process());
        return new LiveSource(samples, watch.WatchId, regions);
    }

    /// <summary>Sends one more sample.</summary>
    /// <param name="newTexts">Begins the texts anew, which makes the frame a key frame with everything in it.</param>
    public async Task<Snapshot> TickAsync(bool newTexts = false)
    {
        if (newTexts)
        {
            _strings = new StringTable();
            _strings.Intern($"tick {_ticks}");
        }
        _ticks++;
        var snapshot = TestSnapshots.Of(
            allocations: _regions / 2 + _ticks, at: DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000 + _ticks * 1000), strings: _strings);
        await _samples.FrameAsync(_watchId, _encoder.Next(snapshot));
        return snapshot;
    }

    public void Dispose() => _samples.Dispose();
}
