using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace WebVmMap.Testing;

/// <summary>
/// A clock that only a test moves, and that tells when someone begins to wait on it and for how long: so a test moves it
/// only once the code under test really waits.
/// </summary>
public sealed class DrivenTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>The length of the next wait that was begun. A test that waits in vain fails instead of hanging.</summary>
    public async Task<TimeSpan> NextWaitAsync() =>
        await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Returns once someone waits for this long; other waits are skipped.</summary>
    public async Task WaitBegunAsync(TimeSpan wait)
    {
        while (await NextWaitAsync() != wait)
        {
        }
    }

    /// <summary>Once someone waits for this long, moves the clock by it.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        await WaitBegunAsync(wait);
        Advance(wait);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _waits.Writer.TryWrite(dueTime);
        }
        return timer;
    }
}
