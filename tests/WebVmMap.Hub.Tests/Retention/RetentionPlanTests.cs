using WebVmMap.Hub.Retention;
using Xunit;

namespace WebVmMap.Hub.Tests.Retention;

public sealed class RetentionPlanTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    [Theory]
    [InlineData(0, 0, 0, "")]
    [InlineData(3, 0, 0, "f:Age e:Age")]
    [InlineData(0, 4, 0, "f:Count e:Count")]
    [InlineData(0, 0, 35, "f:Size e:Size d:Size")]
    [InlineData(3, 2, 0, "f:Age e:Age d:Count c:Count")]
    [InlineData(0, 0, 5, "f:Size e:Size d:Size c:Size b:Size")]
    [InlineData(4, 5, 1000, "f:Age")]
    public void Excess_OfADailySnapshotOfTenBytes_IsWhatIsOverTheFirstLimit(int days, int count, long bytes, string expected)
    {
        // a is of now, b of yesterday, and so on.
        var kept = Enumerable.Range(0, 6).Select(day => new KeptItem($"{(char)('a' + day)}", s_now.AddDays(-day), 10)).ToList();
        var excess = RetentionPlan.Excess(kept, new RetentionSettings { Days = days, CountPerHost = count, BytesPerHost = bytes }, s_now);
        Assert.Equal(expected, string.Join(' ', excess.Select(e => $"{e.Item.Id}:{e.Reason}")));
    }

    [Fact]
    public void Excess_OneTooLargeInBetween_LeavesNoOlderOneInItsPlace()
    {
        KeptItem[] kept = [new("new", s_now, 10), new("huge", s_now.AddHours(-1), 100), new("small", s_now.AddHours(-2), 1)];
        Assert.Equal(["small", "huge"], RetentionPlan.Excess(kept, new RetentionSettings { BytesPerHost = 50 }, s_now).Select(e => e.Item.Id));
    }
}
