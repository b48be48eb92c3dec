using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Core.Recordings;
using WebVmMap.Wine.Tests.Recordings;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>A .NET program on Windows, attached to: its own methods and lines, as it says them itself.</summary>
public sealed class ManagedRecordingTests(WinePrefix wine)
{
    [Fact(Timeout = 120_000)]
    public async Task Attach_DotNetProgram_NamesItsMethodsAndLines()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-recording");
        using var target = wine.Start(wine.ToldProgram);
        await DoneAsync(target);
        target.WriteLine("pid");
        var pid = int.Parse((await DoneAsync(target)).Single(), CultureInfo.InvariantCulture);
        using var started = await watched.Hub.Api.PostAsJsonAsync($"/api/v1/hosts/{watched.HostId}/recordings", new { pid }, TestContext.Current.CancellationToken);
        var text = await started.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(started.IsSuccessStatusCode, text);
        var id = JsonElement.Parse(text).GetProperty("id").GetString();

        target.WriteLine("shapes");
        var said = new SortedDictionary<long, (string, int)>();
        foreach (var words in (await DoneAsync(target)).Select(line => line.Split('\t')))
        {
            said.Add(long.Parse(words[0], CultureInfo.InvariantCulture), (words[2], int.Parse(words[1], CultureInfo.InvariantCulture)));
        }
        using var stop = await watched.Hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, TestContext.Current.CancellationToken);
        stop.EnsureSuccessStatusCode();

        var file = Path.Combine(wine.Folder, $"{id}.wvmr");
        await File.WriteAllBytesAsync(file, await watched.Hub.Api.GetByteArrayAsync($"/api/v1/recordings/{id}/export?format=wvmr", TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var state = (await RecordedRun.ReadAsync(file, [])).State;
        var found = new SortedDictionary<long, (string, int)>();
        for (var site = 0; site < state.Sites.Count; site++)
        {
            CodePlace[] calls = [.. SiteCalls.Of(state, site)];
            var taker = Array.FindIndex(calls, call => call.Function == "Told.Native.Take(Int32, String, Int32)");
            if (taker >= 0 && taker + 1 < calls.Length && state.FiguresOf(site) is { Allocations: > 0 } figures && said.ContainsKey(figures.AllocatedBytes / figures.Allocations))
            {
                // Whether that is inlined is the compiler's choice.
                var caller = calls.Skip(taker + 1).First(call => call.Function != "Told.Shapes.Inlined(Int32)");
                Assert.Equal(WinePrefix.WindowsPath(Path.ChangeExtension(wine.ToldProgram, ".dll")), caller.Module);
                found[figures.AllocatedBytes / figures.Allocations] = (caller.Function, caller.Line);
            }
        }
        Assert.NotEmpty(said);
        Assert.Equal(said, found);
        // All of its threads stood still while functions were patched, and no longer than it took to attach.
        Assert.InRange(state.Health.StoppedNs, 1, 60_000_000_000);
        // It goes on, and ends in order.
        target.WriteLine("shapes");
        Assert.Equal(said.Count, (await DoneAsync(target)).Count);
        target.CloseInput();
        Assert.Equal(0, await target.EndAsync());
    }

    private static async Task<List<string>> DoneAsync(WineProgram program)
    {
        var lines = new List<string>();
        while ((await program.ReadLineAsync()).TrimEnd('\r') is var line && line != "done")
        {
            lines.Add(line);
        }
        return lines;
    }
}
