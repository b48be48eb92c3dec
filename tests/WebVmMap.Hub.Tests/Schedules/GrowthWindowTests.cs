using WebVmMap.Hub.Schedules;
using Xunit;

namespace WebVmMap.Hub.Tests.Schedules;

public sealed class GrowthWindowTests
{
    [Fact]
    public void BytesPerHour_OfALineAStepAndTooShort_IsItsSlope()
    {
        var begin = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        var (line, step, brief) = (new GrowthWindow(), new GrowthWindow(), new GrowthWindow());
        for (var minute = 0; minute <= 240; minute++)
        {
            line.Add(begin.AddMinutes(minute), 1L << 40 | (uint)(minute * 1000));
            step.Add(begin.AddMinutes(minute), minute < 30 ? 0 : 1_000_000);
        }
        for (var minute = 0; minute < 10; minute++)
        {
            brief.Add(begin.AddMinutes(minute), minute * 1_000_000);
        }
        Assert.Equal(60_000, line.BytesPerHour()!.Value, 0.001);
        Assert.Equal(0, step.BytesPerHour()!.Value, 0.001);
        Assert.Null(brief.BytesPerHour());
        brief.Add(begin.AddMinutes(10), 10_000_000);
        Assert.Equal(60_000_000, brief.BytesPerHour()!.Value, 0.001);
    }
}
