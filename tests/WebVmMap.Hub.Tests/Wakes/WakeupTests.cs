using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Hub.Wakes;
using Xunit;

namespace WebVmMap.Hub.Tests.Wakes;

public sealed class WakeupTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Wake_BurstWhileTheCallbackRuns_BecomesOneMoreCallAGapAfterItsEnd()
    {
        var time = new FakeTimeProvider();
        using var entered = new SemaphoreSlim(0);
        using var mayEnd = new SemaphoreSlim(0);
        using var ended = new SemaphoreSlim(0);
        using var wakeup = new Wakeup(
            () =>
            {
                entered.Release();
                mayEnd.Wait();
                ended.Release();
            },
            time, NullLogger.Instance);
        wakeup.Wake();
        Assert.True(await entered.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        for (var i = 0; i < 100; i++)
        {
            wakeup.Wake();
        }
        // The gap counts from the end of the callback: while it runs, no time that passes begins the next call.
        time.Advance(Wakeup.Gap * 10);
        Assert.Equal(0, entered.CurrentCount);
        mayEnd.Release(2);
        Assert.True(await ended.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        var second = entered.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        while (!second.IsCompleted)
        {
            time.Advance(Wakeup.Gap);
            await Task.Yield();
        }
        Assert.True(await second);
        Assert.True(await ended.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        time.Advance(Wakeup.Gap * 10);
        Assert.Equal(0, entered.CurrentCount);
    }

    [Fact]
    public async Task Wake_CallbackThrows_OtherViewsAreWokenAndItIsCalledAgain()
    {
        var time = new FakeTimeProvider();
        using var thrown = new SemaphoreSlim(0);
        using var other = new SemaphoreSlim(0);
        var wakeups = new WakeupList(time, NullLogger.Instance);
        using var first = wakeups.Add(() =>
        {
            thrown.Release();
            throw new InvalidOperationException("A view's fault.");
        });
        using var second = wakeups.Add(() => other.Release());
        wakeups.WakeAll();
        Assert.True(await thrown.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        Assert.True(await other.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        wakeups.WakeAll();
        var again = thrown.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        while (!again.IsCompleted)
        {
            time.Advance(Wakeup.Gap);
            await Task.Yield();
        }
        Assert.True(await again);
    }

    [Fact]
    public void Dispose_Subscription_IsRemoved()
    {
        var wakeups = new WakeupList(new FakeTimeProvider(), NullLogger.Instance);
        wakeups.Add(() => { }).Dispose();
        Assert.Equal(0, wakeups.Count);
    }
}
