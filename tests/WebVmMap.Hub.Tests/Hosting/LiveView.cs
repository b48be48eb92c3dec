using WebVmMap.Hub.Live;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>Looks at a live process the way a page does.</summary>
internal sealed class LiveView : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ILiveProcessLease _lease;
    private readonly Lock _lock = new();
    private TaskCompletionSource _woken = New();

    public LiveView(TestHub hub, LiveProcessAddress address, int intervalMs = 1000) =>
        _lease = hub.Get<ILiveProcesses>().Watch(address, intervalMs, Wake);

    public LiveProcessState Current => _lease.Current;

    public async Task Until(Func<LiveProcessState, bool> condition)
    {
        while (true)
        {
            Task woken;
            lock (_lock)
            {
                woken = _woken.Task;
            }
            if (condition(Current))
            {
                return;
            }
            await woken.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _lease.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake()
    {
        lock (_lock)
        {
            _woken.TrySetResult();
            _woken = New();
        }
    }
}
