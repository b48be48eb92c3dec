using System.Diagnostics;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Ring;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests;

/// <summary>A ring that nobody drains in time: the program goes on, and what was lost is told to the byte.</summary>
public sealed class LostTests
{
    [Fact]
    public async Task FullRing_NobodyDrains_TotalsAreExactAndTheRestIsCounted()
    {
        var whole = new List<RecordingInterval>();
        await using (var recording = new LinuxRecorder(new RecorderOptions { MaxWait = TimeSpan.FromMinutes(1) }).Launch(new LaunchRequest { Command = [RecordedProgram.Allocations.Path, "sizes"] }))
        {
            await foreach (var each in recording.ReadAsync(TestContext.Current.CancellationToken))
            {
                whole.Add(each);
            }
        }
        using var memory = LinuxRingMemory.Create(new RecorderOptions { MaxWait = TimeSpan.Zero });
        Assert.Contains("site plain", await RunUndrainedAsync(memory, "sizes"), StringComparison.Ordinal);

        using var drain = new RingDrain(memory);
        drain.Pass();
        drain.Pass();
        var interval = drain.Take(DateTimeOffset.UtcNow, 0);
        Assert.True(interval.Health.LostBlocks > 1_000_000, $"{interval.Health.LostBlocks} lost");
        Assert.True(interval.Health.DroppedEvents > interval.Health.LostBlocks);
        var (blocks, bytes) = Heap([interval]);
        Assert.Equal(Heap(whole), (blocks, bytes));
        var lost = Assert.Single(interval.Sites, site => site.Node < 0 && site.Kind == AllocationKind.Heap);
        Assert.Equal(new SiteAllocated(interval.Sites.IndexOf(lost), interval.Health.LostBlocks, interval.Health.LostBytes), interval.Allocated.Single(entry => entry.Site == interval.Sites.IndexOf(lost)));

    }

    [Fact]
    public async Task FullRing_NobodyDrainsSamples_WhatTheyStandForIsCounted()
    {
        using var memory = LinuxRingMemory.Create(new RecorderOptions { MaxWait = TimeSpan.Zero, SampleBytes = 512 });
        var said = Counts.Said((await RunUndrainedAsync(memory, "sizes")).Split('\n')).Values.Aggregate((one, other) => one + other);

        using var drain = new RingDrain(memory);
        drain.Pass();
        drain.Pass();
        var interval = drain.Take(DateTimeOffset.UtcNow, 0);
        // Enough of them to be missed: many are small, and stand for a dozen others each.
        Assert.InRange(interval.Health.LostBlocks, said.Blocks / 5, said.Blocks);
        var (blocks, bytes) = Heap([interval]);
        Assert.InRange(blocks / (double)said.Blocks, 0.96, 1.04);
        Assert.InRange(bytes / (double)said.Bytes, 0.96, 1.04);
    }

    [Fact]
    public async Task RingThatOverflowed_IsReadAgain_ProgramWaitsForRoomAgain()
    {
        using var memory = LinuxRingMemory.Create(new RecorderOptions { MaxWait = TimeSpan.FromMilliseconds(5) });
        using var process = Start(memory, "endless");
        using var drain = new RingDrain(memory);
        await UntilAsync(() => Dropped(memory) > 0);
        for (var overflow = 0; overflow < 3; overflow++)
        {
            do
            {
                drain.Pass();
            }
            while (Unread(memory) > RingLayout.EventsPerSlot / 4);
            var waits = Waits(memory);
            await UntilAsync(() => Waits(memory) > waits);
        }
        Assert.False(process.HasExited);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        async Task UntilAsync(Func<bool> reached)
        {
            while (!reached())
            {
                Assert.False(process.HasExited);
                memory.Beat();
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task RingThatOverflowed_LittleOfItIsRead_IsNotWrittenBeforeItIsHalfEmpty()
    {
        using var memory = LinuxRingMemory.Create(new RecorderOptions { MaxWait = TimeSpan.FromMilliseconds(5) });
        using var process = Start(memory, "endless");
        await DroppingAsync(1);
        var head = Head(memory);
        // An agent that comes back and is slower than the program: what it makes room for must not be filled at once, with no wait for more.
        Read(memory, RingLayout.EventsPerSlot / 4);
        await DroppingAsync(10_000);
        Assert.Equal(head, Head(memory));
        Read(memory, RingLayout.EventsPerSlot / 4);
        while (Head(memory) == head)
        {
            Assert.False(process.HasExited);
            await Task.Yield();
        }
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        async Task DroppingAsync(long more)
        {
            for (var before = Dropped(memory); Dropped(memory) - before < more; await Task.Yield())
            {
                Assert.False(process.HasExited);
                memory.Beat();
            }
        }
    }

    [Fact]
    public async Task AgentAsleep_RingFills_IsWoken()
    {
        using var memory = LinuxRingMemory.Create(Recorded.Patient);
        var sleeping = Task.Run(() =>
        {
            // A signal ends a sleep too.
            while (Unread(memory) < RingLayout.EventsPerSlot / 8)
            {
                memory.Sleep(TimeSpan.FromMinutes(10));
            }
        }, TestContext.Current.CancellationToken);
        using var process = Start(memory, "sizes");
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        await sleeping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        using var drain = new RingDrain(memory);
        Assert.InRange(drain.Pass(), RingLayout.EventsPerSlot / 8, RingLayout.EventsPerSlot);
        while (!process.HasExited)
        {
            drain.Pass();
        }
        drain.Pass();
        Assert.Equal(0, drain.Take(DateTimeOffset.UtcNow, 0).Health.DroppedEvents);
    }

    /// <summary>Runs it to its end with somebody there who does not read.</summary>
    /// <returns>What it said.</returns>
    private static async Task<string> RunUndrainedAsync(LinuxRingMemory memory, string scenario)
    {
        using var process = Start(memory, scenario);
        var reading = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.HasExited)
        {
            memory.Beat();
            await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return await reading;
    }

    private static (long Blocks, long Bytes) Heap(IReadOnlyList<RecordingInterval> intervals)
    {
        var sites = intervals.SelectMany(interval => interval.Sites).ToArray();
        var heap = intervals.SelectMany(interval => interval.Allocated).Where(entry => sites[entry.Site].Kind == AllocationKind.Heap).ToArray();
        return (heap.Sum(entry => entry.Blocks), heap.Sum(entry => entry.Bytes));
    }

    private static unsafe long Waits(LinuxRingMemory memory) => memory.UsedSlots == 0 ? 0 : RingMemory.Count(memory.Slot(0) + RingLayout.WaitsAt);

    private static unsafe long Unread(LinuxRingMemory memory) => memory.UsedSlots == 0 ? 0 : (long)(RingMemory.Read(memory.Slot(0) + RingLayout.HeadAt) - RingMemory.Read(memory.Slot(0) + RingLayout.TailAt));

    private static unsafe long Dropped(LinuxRingMemory memory) => memory.UsedSlots == 0 ? 0 : RingMemory.Count(memory.Slot(0) + RingLayout.DroppedAt);

    private static unsafe ulong Head(LinuxRingMemory memory) => RingMemory.Read(memory.Slot(0) + RingLayout.HeadAt);

    // As if it had been.
    private static unsafe void Read(LinuxRingMemory memory, ulong events)
    {
        var tail = memory.Slot(0) + RingLayout.TailAt;
        Volatile.Write(ref *(ulong*)tail, RingMemory.Read(tail) + events);
    }

    private static Process Start(LinuxRingMemory memory, string scenario)
    {
        var start = new ProcessStartInfo(RecordedProgram.Allocations.Path, [scenario]) { RedirectStandardOutput = true };
        start.Environment["WEBVMMAP_RING"] = memory.Path;
        start.Environment["LD_PRELOAD"] = Path.Combine(AppContext.BaseDirectory, LinuxRecorder.TracerName);
        return Process.Start(start)!;
    }
}
