using WebVmMap.Hub.Recordings;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

public sealed class RecordingClockTests
{
    private static readonly DateTimeOffset s_hub = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NoIntervalYet_IsTheHubs() => Assert.Equal(s_hub, new RecordingClock().Of(s_hub));

    [Fact]
    public void Of_IntervalsThatCameLate_GoesByTheOneThatCameSoonest()
    {
        var clock = new RecordingClock();
        foreach (var late in (int[])[900, 4, 30_000, 250])
        {
            clock.Take(s_hub.AddHours(-1), s_hub.AddMilliseconds(late));
        }
        Assert.Equal(s_hub.AddHours(-1).AddMilliseconds(-4), clock.Of(s_hub));
    }

    [Fact]
    public void Of_ClockThatWasSet_IsBelievedWhenTheIntervalsBeforeArePast()
    {
        var clock = new RecordingClock();
        clock.Take(s_hub, s_hub);
        for (var i = 0; i < RecordingClock.Last; i++)
        {
            clock.Take(s_hub.AddMinutes(-5), s_hub);
        }
        Assert.Equal(s_hub.AddMinutes(-5), clock.Of(s_hub));
    }
}
