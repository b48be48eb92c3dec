using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Testing;

namespace WebVmMap.Components.Tests.Refresh;

public sealed class LiveRefreshTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Wake_ManyTimesWhileRefreshing_RefreshesOnceMoreAndNeverOverlaps()
    {
        var time = new DrivenTime();
        using var started = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var (running, most, count) = (0, 0, 0);
        await using var refresh = new LiveRefresh(
            async () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                count++;
                started.Release();
                await goOn.WaitAsync();
                Interlocked.Decrement(ref running);
            },
            time,
            _ => { });
        refresh.Wake();
        Assert.True(await started.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        for (var i = 0; i < 50; i++)
        {
            refresh.Wake();
        }
        goOn.Release();
        await time.PassAsync(LiveRefresh.DefaultGap);
        Assert.True(await started.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        goOn.Release();
        Assert.Equal((1, 2), (most, count));
    }

    [Fact]
    public async Task Wake_WithinTheGap_WaitsForItsEnd()
    {
        var time = new DrivenTime();
        using var refreshed = new SemaphoreSlim(0);
        var times = new List<DateTimeOffset>();
        await using var refresh = new LiveRefresh(
            () =>
            {
                times.Add(time.GetUtcNow());
                refreshed.Release();
                return Task.CompletedTask;
            },
            time,
            _ => { });
        refresh.Wake();
        Assert.True(await refreshed.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        refresh.Wake();
        await time.PassAsync(LiveRefresh.DefaultGap);
        Assert.True(await refreshed.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        Assert.True(times[1] - times[0] >= LiveRefresh.DefaultGap, $"The gap was {times[1] - times[0]}.");
    }

    [Theory]
    [InlineData(20, 100)]
    [InlineData(300, 600)]
    [InlineData(900, 1000)]
    public async Task Refresh_ThatTakesLong_RestsAsManyTimesAsLong(int tookMs, int expectedMs)
    {
        var time = new DrivenTime();
        await using var refresh = new LiveRefresh(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(tookMs));
                return Task.CompletedTask;
            },
            time,
            _ => { },
            rest: 2);
        refresh.Wake();
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), await time.NextWaitAsync());
    }

    [Fact]
    public async Task Refresh_Throws_IsToldAndTheNextWakeTriesAgain()
    {
        var time = new DrivenTime();
        using var failed = new SemaphoreSlim(0);
        using var refreshed = new SemaphoreSlim(0);
        var calls = 0;
        Exception? told = null;
        await using var refresh = new LiveRefresh(
            () =>
            {
                if (++calls == 1)
                {
                    throw new InvalidOperationException("once");
                }
                refreshed.Release();
                return Task.CompletedTask;
            },
            time,
            error =>
            {
                told = error;
                failed.Release();
            });
        refresh.Wake();
        Assert.True(await failed.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        Assert.IsType<InvalidOperationException>(told);
        refresh.Wake();
        await time.PassAsync(LiveRefresh.DefaultGap);
        Assert.True(await refreshed.WaitAsync(s_limit, TestContext.Current.CancellationToken));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Wake_AfterDisposal_DoesNothingAndTheLoopHasEnded()
    {
        var calls = 0;
        var refresh = new LiveRefresh(
            () =>
            {
                calls++;
                return Task.CompletedTask;
            },
            new DrivenTime(),
            _ => { });
        await refresh.DisposeAsync();
        refresh.Wake();
        await refresh.Completion.WaitAsync(s_limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, calls);
    }
}
