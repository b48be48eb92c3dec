using WebVmMap.Hub.Live;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>One watched process whose state a test sets.</summary>
internal sealed class FakeLiveProcesses : ILiveProcesses
{
    private readonly Wakes _wakes = new();

    public LiveProcessState State { get; private set; } = new() { Status = LiveStatus.Starting };

    public LiveProcessAddress? Watched { get; private set; }

    public int IntervalMs { get; private set; }

    public int SamplesAsked { get; private set; }

    public int Viewers => _wakes.Count;

    public ILiveProcessLease Watch(LiveProcessAddress address, int intervalMs, Action wake)
    {
        Watched = address;
        IntervalMs = intervalMs;
        return new Lease(this, _wakes.Add(wake));
    }

    public void Set(LiveProcessState state)
    {
        State = state;
        _wakes.WakeAll();
    }

    private sealed class Lease(FakeLiveProcesses owner, IDisposable ending) : ILiveProcessLease
    {
        public LiveProcessState Current => owner.State;

        public void SetInterval(int intervalMs) => owner.IntervalMs = intervalMs;

        public void SampleNow() => owner.SamplesAsked++;

        public void Dispose() => ending.Dispose();
    }
}
