using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Tests.Uplink;

public sealed class ReconnectBackoffTests
{
    [Fact]
    public void Next_WorstLuck_GrowsThreefoldTo15Seconds()
    {
        var backoff = new ReconnectBackoff(() => 1);

        Assert.Equal([3, 9, 15, 15], Enumerable.Range(0, 4).Select(_ => backoff.Next().TotalSeconds));
    }

    [Fact]
    public void Next_AnyLuck_StaysBetween1And15SecondsAndVaries()
    {
        var random = new Random(42);
        var backoff = new ReconnectBackoff(random.NextDouble);

        var pauses = Enumerable.Range(0, 1000).Select(_ => backoff.Next().TotalSeconds).ToArray();

        Assert.All(pauses, pause => Assert.InRange(pause, 1, 15));
        Assert.True(pauses.Distinct().Count() > 100);
    }

    [Fact]
    public void Reset_AfterFailures_BeginsAnew()
    {
        var backoff = new ReconnectBackoff(() => 1);
        backoff.Next();
        backoff.Next();

        backoff.Reset();

        Assert.Equal(3, backoff.Next().TotalSeconds);
    }
}
