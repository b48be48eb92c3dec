using System.Diagnostics;
using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Tests;

/// <summary>
/// A program that writes over what it shares with the agent: the agent reads on, or ends the recording with one clear error; it neither fails in
/// another way nor reads for ever. What is written over was told by a real program.
/// </summary>
public sealed class RingFuzzTests
{
    private const int Rounds = 200;

    [Theory]
    [InlineData("header")]
    [InlineData("log")]
    [InlineData("counters")]
    [InlineData("events")]
    public async Task Drain_MemoryThatWasWrittenOver_IsReadOrEndsWithOneClearError(string where)
    {
        using var told = LinuxRingMemory.Create(Recorded.Patient);
        await RunAsync(told, "family");
        var clear = 0;
        for (var round = 0; round < Rounds; round++)
        {
            using var memory = LinuxRingMemory.Create(Recorded.Patient);
            Copy(told, memory);
            Scribble(memory, where, new Random(round));
            using var drain = new RingDrain(memory);
            try
            {
                // It is never done sooner than the program: what is written later is read later.
                for (var pass = 0; pass < 3; pass++)
                {
                    drain.Pass();
                }
                var interval = drain.Take(DateTimeOffset.UtcNow, 0);
                Assert.True(interval.Health is { Events: >= 0, DroppedEvents: >= 0, LostBlocks: >= 0 }, $"round {round}: {interval.Health}");
            }
            catch (RecordingException exception)
            {
                Assert.Contains("wrote over the memory", exception.Message, StringComparison.Ordinal);
                clear++;
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{where}: {Rounds - clear} read, {clear} ended");
        Assert.True(where == "header" || clear > 0, "Nothing that was written over was noticed.");
    }

    [Fact]
    public async Task Recording_ProgramThatScribblesWhileItIsRead_EndsAndTheProgramGoesOn()
    {
        for (var round = 0; round < 3; round++)
        {
            var memory = LinuxRingMemory.Create(new RecorderOptions());
            using var process = Start(memory, "sizes");
            using var drain = new DrainThread(memory, TimeSpan.FromMilliseconds(50), () => process.HasExited);
            var random = new Random(round);
            var scribbling = Task.Run(() =>
            {
                while (!process.HasExited)
                {
                    Scribble(memory, random.Next(2) == 0 ? "events" : "counters", random);
                    Thread.Sleep(1);
                }
            }, TestContext.Current.CancellationToken);
            try
            {
                await foreach (var interval in drain.ReadAsync(TestContext.Current.CancellationToken))
                {
                    Assert.True(interval.Health.Events >= 0);
                }
            }
            catch (RecordingException exception)
            {
                Assert.Contains("wrote over the memory", exception.Message, StringComparison.Ordinal);
            }
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await scribbling;
            Assert.Equal(0, process.ExitCode);
        }
    }

    private static Process Start(LinuxRingMemory memory, string scenario)
    {
        var start = new ProcessStartInfo(RecordedProgram.Allocations.Path, [scenario]) { RedirectStandardOutput = true };
        start.Environment["WEBVMMAP_RING"] = memory.Path;
        start.Environment["LD_PRELOAD"] = Path.Combine(AppContext.BaseDirectory, LinuxRecorder.TracerName);
        var process = Process.Start(start)!;
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return process;
    }

    private static async Task RunAsync(LinuxRingMemory memory, string scenario)
    {
        using var process = Start(memory, scenario);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0 && memory.UsedSlots > 0);
    }

    private static unsafe void Copy(LinuxRingMemory from, LinuxRingMemory to)
    {
        var log = (int)RingMemory.Read(from.Header + RingLayout.LogLengthAt);
        new ReadOnlySpan<byte>(from.Header, RingLayout.HeaderBytes + log).CopyTo(new Span<byte>(to.Header, RingLayout.HeaderBytes + log));
        for (var slot = 0; slot < from.UsedSlots; slot++)
        {
            var bytes = RingLayout.SlotHeadBytes + ((int)RingMemory.Read(from.Slot(slot) + RingLayout.HeadAt) * RingLayout.EventBytes);
            new ReadOnlySpan<byte>(from.Slot(slot), Math.Min(bytes, RingLayout.SlotBytes)).CopyTo(new Span<byte>(to.Slot(slot), RingLayout.SlotBytes));
        }
    }

    // One to eight words: with noise, or a bit of them turned.
    private static unsafe void Scribble(LinuxRingMemory memory, string where, Random random)
    {
        for (var count = random.Next(1, 9); count > 0; count--)
        {
            var slot = memory.Slot(random.Next(Math.Clamp(memory.UsedSlots, 1, 8)));
            var told = (int)Math.Clamp(RingMemory.Read(slot + RingLayout.HeadAt), 1, RingLayout.EventsPerSlot);
            var log = (int)Math.Clamp(RingMemory.Read(memory.Header + RingLayout.LogLengthAt), 8, RingLayout.LogBytes);
            var at = where switch
            {
                // Behind magic, version and state, which are written before the program has begun.
                "header" => memory.Header + (8 * random.Next(2, 9)),
                "log" => memory.Header + RingLayout.HeaderBytes + (8 * random.Next(log / 8)),
                "counters" => slot + (8 * random.Next(26)),
                _ => slot + RingLayout.SlotHeadBytes + (8 * random.Next(told * 2)),
            };
            *(ulong*)at = random.Next(3) switch { 0 => (ulong)random.NextInt64(long.MinValue, long.MaxValue), 1 => *(ulong*)at ^ 1UL << random.Next(64), _ => (ulong)random.Next(70_000) };
        }
    }
}
