using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Testing;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>Recordings that a real hub has the Windows agent make, by the HTTP API.</summary>
public sealed class RecordingTests(WinePrefix wine)
{
    [Fact(Timeout = 120_000)]
    public async Task Launch_FromTheHub_IsStoredExactly()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-recording");
        var id = (await StartAsync(watched, new { command = (string[])[WinePrefix.WindowsPath(wine.AllocationsProgram), "family"] })).GetProperty("id").GetString();

        await watched.Hub.WaitForAsync($"/api/v1/recordings/{id}", told => told.GetProperty("state").GetString() == "stopped");

        // The same program says the same whenever it runs.
        using var alone = wine.Start(wine.AllocationsProgram, "family");
        var said = Counts.Said([await alone.ReadLineAsync(), await alone.ReadLineAsync(), await alone.ReadLineAsync()]);
        Assert.Equal(3, said.Count);
        Assert.Equal(said, await FoundAsync(watched, id, said.Keys));
    }

    [Fact(Timeout = 120_000)]
    public async Task Launch_WithTheProcessesThatItStarts_IsARecordingForEach()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-recording");
        var program = WinePrefix.WindowsPath(wine.ChildrenProgram);
        var id = (await StartAsync(watched, new { command = (string[])[program, "descend", "3"], children = true })).GetProperty("id").GetString();

        var all = await watched.Hub.WaitForAsync(
            "/api/v1/recordings", told => told.GetArrayLength() == 4 && told.EnumerateArray().All(recording => recording.GetProperty("state").GetString() == "stopped"));

        // Each started the next one, and allocated one block less.
        var recordings = all.EnumerateArray().ToList();
        var process = recordings.Single(recording => recording.GetProperty("id").GetString() == id);
        for (var blocks = 4; ; blocks--)
        {
            Assert.Equal(blocks, (await FoundAsync(watched, process.GetProperty("id").GetString(), ["plain"]))["plain"].Blocks);
            if (blocks == 1)
            {
                break;
            }
            var pid = process.GetProperty("pid").GetInt32();
            process = recordings.Single(recording => recording.TryGetProperty("parentPid", out var parent) && parent.GetInt32() == pid);
            Assert.Equal((id, "children.exe", program), (process.GetProperty("parent").GetString(), process.GetProperty("program").GetString(), process.GetProperty("command").GetString()));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Attach_WhileFourThreadsHammerTheHeap_CountsExactlyAndLeavesAgainAndAgain()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-recording");
        using var target = wine.Start(wine.AllocationsProgram, "hammers");
        var ready = await target.ReadLineAsync();
        var pid = int.Parse(ready["ready ".Length..], System.Globalization.CultureInfo.InvariantCulture);
        for (var time = 0; time < 4; time++)
        {
            var started = await StartAsync(watched, new { pid });
            Assert.Equal(pid, started.GetProperty("pid").GetInt32());
            var id = started.GetProperty("id").GetString();
            target.WriteLine("");
            var lines = new List<string>();
            do
            {
                lines.Add((await target.ReadLineAsync()).TrimEnd('\r'));
            }
            while (lines[^1] != "done");
            using var stop = await watched.Hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
            stop.EnsureSuccessStatusCode();

            Assert.Equal(0, (await watched.Hub.GetAsync($"/api/v1/recordings/{id}")).GetProperty("droppedEvents").GetInt64());
            var said = Counts.Said(lines);
            said.Remove("hammered");
            Assert.Equal(7, said.Count);
            Assert.Equal(said, await FoundAsync(watched, id, said.Keys));
        }
        // It goes on, and ends in order.
        target.WriteLine("");
        while ((await target.ReadLineAsync()).TrimEnd('\r') != "done")
        {
        }
        target.CloseInput();
        Assert.Equal(0, await target.EndAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task Stop_WithTheProgram_EndsTheOneThatWasLaunched()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-recording");
        var started = await StartAsync(watched, new { command = (string[])[WinePrefix.WindowsPath(wine.AllocationsProgram), "waits"] });
        var (id, pid) = (started.GetProperty("id").GetString(), started.GetProperty("pid").GetInt32());
        Assert.Contains(pid, await PidsAsync(watched));
        using var stop = await watched.Hub.Api.PostAsJsonAsync($"/api/v1/recordings/{id}/stop", new { endProgram = true }, TestContext.Current.CancellationToken);
        stop.EnsureSuccessStatusCode();
        Assert.DoesNotContain(pid, await PidsAsync(watched));
    }

    private static async Task<List<int>> PidsAsync(WatchedHost watched) =>
        [.. (await watched.Hub.GetAsync($"/api/v1/hosts/{watched.HostId}/processes")).EnumerateArray().Select(process => process.GetProperty("pid").GetInt32())];

    private static async Task<JsonElement> StartAsync(WatchedHost watched, object request)
    {
        using var answer = await watched.Hub.Api.PostAsJsonAsync($"/api/v1/hosts/{watched.HostId}/recordings", request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private static async Task<SortedDictionary<string, Counts>> FoundAsync(WatchedHost watched, string? id, IReadOnlyCollection<string> names)
    {
        var tree = await watched.Hub.GetAsync($"/api/v1/recordings/{id}/calltree?view=topDown&minShare=0");
        var found = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        Add(tree, names, found);
        return found;
    }

    private static void Add(JsonElement node, IReadOnlyCollection<string> names, SortedDictionary<string, Counts> found)
    {
        if (node.GetProperty("function").GetString() is { } name && names.Contains(name))
        {
            var (blocks, bytes) = (node.GetProperty("allocations").GetInt64(), node.GetProperty("allocatedBytes").GetInt64());
            var before = found.GetValueOrDefault(name);
            found[name] = new Counts(
                before.Blocks + blocks, before.Bytes + bytes,
                before.FreedBlocks + blocks - node.GetProperty("liveBlocks").GetInt64(), before.FreedBytes + bytes - node.GetProperty("liveBytes").GetInt64());
            return;
        }
        foreach (var child in node.GetProperty("children").EnumerateArray())
        {
            Add(child, names, found);
        }
    }
}
