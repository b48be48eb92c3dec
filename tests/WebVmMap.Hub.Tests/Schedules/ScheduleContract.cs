using WebVmMap.Core.Processes;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Schedules;

/// <summary>What the schedules do on either database, with a clock, a process list and an agent that the test drives.</summary>
public abstract class ScheduleContract
{
    private Task<string?>? _database;

    private const long MiB = 1 << 20;

    private protected abstract Task<string?> NewDatabaseAsync();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interval_EveryTenMinutes_TakesAtOnceAndAtEachMomentSinceItWasMade()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.Add(TestSnapshots.Process());
        var made = await AddAsync(hub, ScheduleTrigger.Interval, minutes: 10);
        await hub.LookAsync();
        Assert.Single(hub.Taken);
        await hub.PassAsync(TimeSpan.FromMinutes(30));
        var kept = await hub.Store.ListAsync(new SnapshotQuery { ScheduleId = made.Id, Ascending = true }, Stop);
        Assert.Equal([0, 10, 20, 30], kept.Select(s => (s.TakenAt - made.CreatedAt).TotalMinutes));
        Assert.All(kept, s => Assert.Equal((SnapshotCause.Schedule, "someone", "by itself"), (s.Cause, s.TakenBy, s.Label)));
        var now = Assert.Single(hub.Schedules.All);
        Assert.Equal((4, 0, "", kept[^1].Id), (now.TakenCount, now.SkippedCount, now.LastError, now.LastSnapshotId));
    }

    [Fact]
    public async Task Interval_HubWasDown_GoesOnAndCountsWhatPassed()
    {
        using var folder = new TestFolder();
        Schedule made;
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time;
        await using (var before = await StartAsync(folder))
        {
            before.Running.Add(TestSnapshots.Process());
            made = await AddAsync(before, ScheduleTrigger.Interval, minutes: 10);
            await before.LookAsync();
            time = before.Time;
        }
        time.Advance(TimeSpan.FromMinutes(5));
        await using var after = await StartAsync(folder, time);
        after.Running.Add(TestSnapshots.Process());
        Assert.Equal(made with { TakenCount = 1, LastTakenAt = made.CreatedAt, LastTriedAt = made.CreatedAt, LastSnapshotId = after.Schedules.All[0].LastSnapshotId }, after.Schedules.All[0]);
        await after.LookAsync();
        Assert.Empty(after.Taken);
        // 10, 20 and 30 minutes have passed when it looks at 35.
        time.Advance(TimeSpan.FromMinutes(30));
        await after.LookAsync();
        Assert.Single(after.Taken);
        Assert.Equal((2, 2), (after.Schedules.All[0].TakenCount, after.Schedules.All[0].SkippedCount));
    }

    [Fact]
    public async Task Interval_RunBeforeNotDone_StartsNoSecondOneOnThatHost()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.Add(TestSnapshots.Process());
        await AddAsync(hub, ScheduleTrigger.Interval, minutes: 1);
        hub.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = hub.LookAsync();
        for (var minute = 0; minute < 3; minute++)
        {
            hub.Time.Advance(TimeSpan.FromMinutes(1));
            _ = hub.LookAsync();
        }
        hub.Gate.SetResult();
        await first;
        Assert.Single(hub.Taken);
        await hub.LookAsync();
        Assert.Equal((2, 2L, 2L), (hub.Taken.Count, hub.Schedules.All[0].TakenCount, hub.Schedules.All[0].SkippedCount));
    }

    [Fact]
    public async Task Interval_HostOffline_SaysSoAndGoesOnWhenItIsBack()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.Add(TestSnapshots.Process());
        hub.Online = false;
        await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5);
        await hub.LookAsync();
        Assert.Contains("The agent of Alpha is not connected", hub.Schedules.All[0].LastError, StringComparison.Ordinal);
        Assert.Equal((0, 0), (hub.ListsAsked, hub.Taken.Count));
        hub.Online = true;
        await hub.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((1L, ""), (hub.Schedules.All[0].TakenCount, hub.Schedules.All[0].LastError));
    }

    [Fact]
    public async Task Interval_SnapshotRefused_ShowsWhyAndWaitsForItsNextMoment()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.Add(TestSnapshots.Process());
        hub.Refusal = "The disk that holds x is full: make room there and try again.";
        await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5);
        await hub.PassAsync(TimeSpan.FromMinutes(4));
        Assert.Equal((1, hub.Refusal), (hub.Taken.Count, hub.Schedules.All[0].LastError));
    }

    [Fact]
    public async Task Process_OfOneLifeHasEnded_PausesAndOneOfTheNameDoesNot()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        var life = await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5, life: TestSnapshots.Process().Key);
        var name = await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5);
        // The same id, but started later.
        hub.Running.Add(TestSnapshots.Process(start: 78));
        await hub.LookAsync();
        var (ended, other) = (hub.Schedules.All.Single(s => s.Id == life.Id), hub.Schedules.All.Single(s => s.Id == name.Id));
        Assert.False(ended.Enabled);
        Assert.Contains("has ended", ended.LastError, StringComparison.Ordinal);
        Assert.Equal((true, 1L), (other.Enabled, other.TakenCount));
    }

    [Fact]
    public async Task Name_ManyProcesses_TakesTheLargestAndSaysSo()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.AddRange(Enumerable.Range(1, 12).Select(i => TestSnapshots.Process(pid: i) with { PrivateBytes = i * MiB }));
        await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5);
        await hub.LookAsync();
        Assert.Equal([12, 11, 10, 9, 8, 7, 6, 5], hub.Taken.Select(t => t.Address.Pid));
        Assert.Contains("12 processes match", hub.Schedules.All[0].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrivateAbove_StaysAbove_FiresOncePerCoolDownAlsoAfterRestart()
    {
        using var folder = new TestFolder();
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time;
        await using (var hub = await StartAsync(folder))
        {
            time = hub.Time;
            await AddAsync(hub, ScheduleTrigger.PrivateAbove, minutes: 60, limit: 100 * MiB);
            hub.Running.Add(TestSnapshots.Process() with { PrivateBytes = 100 * MiB });
            await hub.PassAsync(TimeSpan.FromMinutes(5));
            Assert.Empty(hub.Taken);
            Assert.Equal(5, hub.ListsAsked); // the first look is at 20 s, then every minute
            hub.Running[0] = hub.Running[0] with { PrivateBytes = 100 * MiB + 1 };
            await hub.PassAsync(TimeSpan.FromMinutes(50));
            Assert.Equal(SnapshotCause.Rule, Assert.Single(hub.Taken).Cause);
        }
        await using var after = await StartAsync(folder, time);
        after.Running.Add(TestSnapshots.Process() with { PrivateBytes = 200 * MiB });
        await after.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(after.Taken);
        await after.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Single(after.Taken);
        Assert.Equal(2, after.Schedules.All[0].TakenCount);
    }

    [Fact]
    public async Task PrivateAbove_ItsSnapshotIsDeleted_StillCoolsDown()
    {
        using var folder = new TestFolder();
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time;
        await using (var hub = await StartAsync(folder))
        {
            time = hub.Time;
            await AddAsync(hub, ScheduleTrigger.PrivateAbove, minutes: 60, limit: 100 * MiB);
            hub.Running.Add(TestSnapshots.Process() with { PrivateBytes = 200 * MiB });
            await hub.PassAsync(TimeSpan.FromMinutes(2));
            Assert.True(await hub.Store.DeleteAsync((await hub.Store.ListAsync(new SnapshotQuery(), Stop)).Single().Id, "someone", Stop));
            await hub.PassAsync(TimeSpan.FromMinutes(20));
            Assert.Single(hub.Taken);
            // Another process of the name has a cool-down of its own.
            hub.Running.Add(TestSnapshots.Process(pid: 43) with { PrivateBytes = 200 * MiB });
            await hub.PassAsync(TimeSpan.FromMinutes(2));
            Assert.Equal([42, 43], hub.Taken.Select(t => t.Address.Pid));
        }
        await using var after = await StartAsync(folder, time);
        after.Running.AddRange([TestSnapshots.Process() with { PrivateBytes = 200 * MiB }, TestSnapshots.Process(pid: 43) with { PrivateBytes = 200 * MiB }]);
        await after.PassAsync(TimeSpan.FromMinutes(30));
        Assert.Empty(after.Taken);
        await after.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(42, Assert.Single(after.Taken).Address.Pid);
    }

    [Fact]
    public async Task GrowthAbove_GrowsFasterThanTheLimit_FiresAfterTenMinutes()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        await AddAsync(hub, ScheduleTrigger.GrowthAbove, minutes: 60, limit: 100 * MiB);
        hub.Running.Add(TestSnapshots.Process() with { PrivateBytes = 10 * MiB });
        hub.Running.Add(TestSnapshots.Process(pid: 43) with { PrivateBytes = 900 * MiB });
        for (var minute = 0; minute < 20 && hub.Taken.Count == 0; minute++)
        {
            // 120 MiB an hour, beside one that is large but grows 60 MiB an hour.
            hub.Running[0] = hub.Running[0] with { PrivateBytes = hub.Running[0].PrivateBytes + 2 * MiB };
            hub.Running[1] = hub.Running[1] with { PrivateBytes = hub.Running[1].PrivateBytes + MiB };
            await hub.PassAsync(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(42, Assert.Single(hub.Taken).Address.Pid);
        Assert.Equal(10, hub.ListsAsked - 1);
    }

    [Fact]
    public async Task Change_PausedAndResumed_DoesNotCountThePauseAsSkipped()
    {
        using var folder = new TestFolder();
        await using var hub = await StartAsync(folder);
        hub.Running.Add(TestSnapshots.Process());
        var made = await AddAsync(hub, ScheduleTrigger.Interval, minutes: 5);
        await hub.LookAsync();
        await hub.Schedules.ChangeAsync(made.Id, new ScheduleChange { Enabled = false }, Stop);
        await hub.PassAsync(TimeSpan.FromMinutes(60));
        Assert.Single(hub.Taken);
        await hub.Schedules.ChangeAsync(made.Id, new ScheduleChange { Enabled = true }, Stop);
        await hub.PassAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((2, 0), (hub.Schedules.All[0].TakenCount, hub.Schedules.All[0].SkippedCount));
        Assert.True(await hub.Schedules.DeleteAsync(made.Id, "someone", Stop));
        await hub.PassAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(2, hub.Taken.Count);
    }

    // One database for each test, also when it starts the hub anew.
    private async Task<ScheduleFixture> StartAsync(TestFolder folder, Microsoft.Extensions.Time.Testing.FakeTimeProvider? time = null) =>
        await ScheduleFixture.StartAsync(folder, await (_database ??= NewDatabaseAsync()), time);

    private static Task<Schedule> AddAsync(ScheduleFixture hub, ScheduleTrigger trigger, int minutes, long limit = 0, ProcessKey? life = null) => hub.Schedules.AddAsync(
        new NewSchedule
        {
            HostId = "alpha",
            ProcessName = "victim",
            Pid = life?.Pid,
            StartStamp = life?.StartStamp,
            Trigger = trigger,
            Minutes = minutes,
            LimitBytes = limit,
            Label = "by itself",
        },
        "someone", Stop);
}
