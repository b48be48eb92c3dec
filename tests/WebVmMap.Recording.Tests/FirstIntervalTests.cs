using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;

namespace WebVmMap.Recording.Tests;

/// <summary>Whoever looks on sees something soon after the first allocation, not a whole interval later.</summary>
public sealed class FirstIntervalTests
{
    [Fact]
    public async Task FirstInterval_OfAProgramThatSleepsThen_TellsItsStacksLongBeforeAnIntervalIsOver()
    {
        var options = new RecorderOptions { Interval = TimeSpan.FromSeconds(10) };
        await using var recording = new LinuxRecorder(options).Launch(new LaunchRequest { Command = ["/bin/sh", "-c", "sleep 2"] });
        var intervals = new List<RecordingInterval>();
        await foreach (var interval in recording.ReadAsync(TestContext.Current.CancellationToken))
        {
            intervals.Add(interval);
        }

        // All of it lasts less than an interval: the last one is there because it ended.
        Assert.Equal(2, intervals.Count);
        Assert.NotEmpty(intervals[0].Sites);
        Assert.NotEmpty(intervals[0].Modules);
        Assert.True(intervals[0].EndedAt < intervals[1].EndedAt);
    }
}
