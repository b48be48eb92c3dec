using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Wine.Tests;

/// <summary>The memory of .NET's garbage collector in a program that says where its objects are.</summary>
public sealed class ManagedHeapTests(WinePrefix wine)
{
    private const long Mib = 1 << 20;

    [Theory(Timeout = 60_000)]
    [InlineData("DOTNET_gcServer", "0")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_GCHeapHardLimit", "0x10000000")]
    [InlineData("DOTNET_GCName", "clrgc.dll")] // the collector with segments
    public async Task Snapshot_ProgramThatKnowsItsObjects_TheyAndOnlyTheyAreManagedHeap(string setting, string value)
    {
        using var program = wine.StartWith((setting, value), wine.ManagedProgram);
        var said = await SaidAsync(program);

        var snapshot = await TakeAsync((int)said["pid"]);

        Assert.True(snapshot.Process.Managed);
        foreach (var name in new[] { "gen0", "gen2", "large", "huge", "pinned" })
        {
            Assert.Equal((name, RegionCategory.ManagedHeap, "GC heap"), What(snapshot, said, name));
        }
        Assert.Equal(("literal", RegionCategory.ManagedHeap, "GC heap (frozen objects)"), What(snapshot, said, "literal"));
        foreach (var name in new[] { "nativeBlock", "nativeSmall", "nativeReserve", "nativeCommit", "methodTable", "code", "stack" })
        {
            Assert.NotEqual(RegionCategory.ManagedHeap, What(snapshot, said, name).Category);
        }
        Assert.Equal(RegionCategory.Stack, What(snapshot, said, "stack").Category);
        // As large as the collector's reservations, and as partly committed, but the program's own.
        var own = Rows(snapshot).Where(r => r.AllocationBase == said["nativeReserve"] && !r.Category.IsGap()).ToList();
        Assert.Equal((1024 * Mib, 8 * Mib), (own.Sum(r => r.Size), own.Sum(r => r.Committed)));
        Assert.All(own, r => Assert.Equal(RegionCategory.PrivateData, r.Category));
        // What the collector itself says that it has committed, and the 40 MiB that it was asked for since.
        var heap = Rows(snapshot).Where(r => r.Category == RegionCategory.ManagedHeap && snapshot.Regions.Strings[r.Detail] != "GC heap (frozen objects)");
        var expected = (long)said["committed"] + (40 * Mib);
        Assert.InRange(heap.Sum(r => r.Committed), expected - (2 * Mib), expected + (2 * Mib));
        Assert.Contains(snapshot.Notes, n => n.Kind == SnapshotNoteKind.Method && n.Text.Contains("garbage collector", StringComparison.Ordinal));
    }

    private static async Task<Dictionary<string, ulong>> SaidAsync(WineProgram program)
    {
        var said = new Dictionary<string, ulong>();
        while (await program.ReadLineAsync() is var line && line.TrimEnd('\r') != "ready")
        {
            var words = line.Split(' ');
            said.Add(words[0], ulong.Parse(words[1], CultureInfo.InvariantCulture));
        }
        return said;
    }

    private static (string Name, RegionCategory Category, string Detail) What(Snapshot snapshot, Dictionary<string, ulong> said, string name)
    {
        var row = snapshot.Regions.Find(said[name]);
        return (name, snapshot.Regions.Categories[row], snapshot.Regions.DetailText(row));
    }

    private static IEnumerable<Region> Rows(Snapshot snapshot) => Enumerable.Range(0, snapshot.Regions.Count).Select(i => snapshot.Regions[i]);

    private async Task<Snapshot> TakeAsync(int pid)
    {
        var file = Path.Combine(wine.Folder, $"{Guid.NewGuid():N}.wvm");
        using var agent = wine.Start(wine.Agent, "snapshot", "--pid", $"{pid}", "--output", WinePrefix.WindowsPath(file));
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
        return SnapshotCodec.Decode(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }
}
