using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests.Heap;

/// <summary>A child of fork has what its parent had allocated: that is counted, block by block, as what a process has that is attached to.</summary>
public sealed class ForkedHeapTests : IDisposable
{
    private const int Count = 3000;

    // What the C library keeps for itself.
    private const int MostOthers = 40;

    private static readonly Lazy<RecordedProgram> s_program = new(() => RecordedProgram.Compile("children.c", "gcc", "-lpthread"));

    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-forked-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Output => Path.Combine(_folder, "output");

    private string Go => Path.Combine(_folder, "go");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Child_OfFork_HasEachBlockOfItsParentsAsFromBefore()
    {
        await using var recording = Launch();
        var root = new Recorded();
        var reading = root.ReadAsync(recording);
        var found = recording.ReadChildrenAsync(Stop).GetAsyncEnumerator(Stop);
        await using var _ = found;
        Assert.True(await found.MoveNextAsync());
        var pid = found.Current.Pid;
        await using var child = Attachment.Of(found.Current);

        var health = await child.CountedAsync();
        Assert.Equal((HeapBefore.Counted, 0L), (health.Before, health.BeforeUnwalkedBytes));
        Assert.True(SpinWait.SpinUntil(() => File.ReadLines(Output).Contains("told"), TimeSpan.FromSeconds(30)));
        var has = File.ReadLines(Output).Select(line => line.Split(' ')).Where(words => words[0] == "block")
            .ToDictionary(words => ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words => long.Parse(words[2], CultureInfo.InvariantCulture));
        Assert.Equal((Count * 2 / 3) + 1, has.Count);
        var before = child.Find(new BlockQuestion { Top = 1_000_000 }).Blocks.Where(block => block.Born < 0).ToDictionary(block => block.Address, block => block.Size);
        Assert.Equal(has.OrderBy(block => block.Key), has.Keys.Order().Select(address => KeyValuePair.Create(address, before.GetValueOrDefault(address, -1))));
        Assert.InRange(before.Count - has.Count, 0, MostOthers);

        await File.WriteAllTextAsync(Go, "", Stop);
        var recorded = await child.EndAsync();
        Assert.False(await found.MoveNextAsync());
        await reading;
        Assert.Equal((0L, (long)Count / 3), (recorded.Health.UnknownFrees, recorded.FreedFromBefore()));
        Assert.Equal(
            Counts.Said(File.ReadAllLines(Output)).Single(said => said.Key.StartsWith($"{pid}/", StringComparison.Ordinal)).Value,
            recorded.ByFunction(s_program.Value)["plain"]);
        // The launched process itself had nothing before.
        Assert.Equal(HeapBefore.None, root.Health.Before);
    }

    [Fact]
    public async Task Child_OfForkWhoseRecordingIsStopped_IsLetGoOfAndGoesOn()
    {
        await using var recording = Launch();
        var reading = new Recorded().ReadAsync(recording);
        await foreach (var child in recording.ReadChildrenAsync(Stop))
        {
            await using var attachment = Attachment.Of(child);
            var recorded = await attachment.StopAsync();
            Assert.Contains(recorded.Health.Before, (HeapBefore[])[HeapBefore.Counted, HeapBefore.Ended]);
            await File.WriteAllTextAsync(Go, "", Stop);
        }
        await reading;
        Assert.Equal(2, File.ReadLines(Output).Count(line => line.StartsWith("site ", StringComparison.Ordinal)));
    }

    private IRecording Launch() => new LinuxRecorder(Recorded.Patient).Launch(new LaunchRequest
    {
        Command = ["/bin/sh", "-c", "exec \"$@\" >> \"$0\"", Output, s_program.Value.Path, "inherit", Count.ToString(CultureInfo.InvariantCulture), Go],
        Environment = ImmutableDictionary<string, string>.Empty,
        FollowChildren = true,
    });
}
