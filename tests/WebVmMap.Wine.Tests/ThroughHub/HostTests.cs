using System.Text.Json;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>A Windows host at a real hub, by the HTTP API.</summary>
public sealed class HostTests(WinePrefix wine)
{
    [Fact(Timeout = 120_000)]
    public async Task Hosts_WindowsAgent_IsListedWithItsProcesses()
    {
        await using var watched = await WatchedHost.StartAsync(wine);

        Assert.StartsWith("Microsoft Windows ", watched.Host.GetProperty("os").GetString(), StringComparison.Ordinal);
        Assert.Equal(("x64", "online"), (watched.Host.GetProperty("architecture").GetString(), watched.Host.GetProperty("status").GetString()));
        Assert.Contains(watched.Host.GetProperty("limitations").EnumerateArray(), l => l.GetString()!.Contains("working set", StringComparison.Ordinal));

        var processes = await watched.Hub.GetAsync($"/api/v1/hosts/{watched.HostId}/processes");
        var target = processes.EnumerateArray().Single(p => p.GetProperty("pid").GetInt32() == watched.Target.Pid);
        Assert.Equal("regions.exe", target.GetProperty("name").GetString());
        Assert.Contains(watched.Target.File, target.GetProperty("commandLine").GetString(), StringComparison.Ordinal);
        Assert.Contains(processes.EnumerateArray(), p => p.GetProperty("name").GetString() == "webvmmap-agent.exe");
    }

    [Fact(Timeout = 120_000)]
    public async Task Snapshot_TakenThroughTheHub_AgreesWithWhatTheProgramSays()
    {
        await using var watched = await WatchedHost.StartAsync(wine);

        var path = await watched.TakeSnapshotAsync();

        var snapshot = await watched.ExportAsync(path);
        TargetMemory.AssertAgrees(watched.Target, snapshot);
        var told = await watched.Hub.GetAsync(path);
        Assert.Equal(
            snapshot.Summary.Rows.Select(r => (r.Name, r.Size, r.Committed, r.Private, r.Blocks)),
            told.GetProperty("summary").EnumerateArray().Select(r => (
                r.GetProperty("category").GetString()!, Bytes(r, "size"), Bytes(r, "committed"), Bytes(r, "private"), r.GetProperty("blocks").GetInt32())));
        Assert.Equal(snapshot.Notes.Select(n => n.Text), told.GetProperty("notes").EnumerateArray().Select(n => n.GetProperty("text").GetString()));
        Assert.Contains(snapshot.Notes, n => n.Kind == SnapshotNoteKind.Limitation && n.Text.Contains("working set columns", StringComparison.Ordinal));

        var stacks = await watched.Hub.GetAsync($"{path}/regions?category=Stack");
        Assert.Equal(
            TargetMemory.Details(snapshot, RegionCategory.Stack).Order(),
            stacks.EnumerateArray().Select(r => r.GetProperty("details").GetString()!).Order());
        Assert.Contains($"Thread ID: {watched.Target.Said.RootElement.GetProperty("mainThread").GetInt32()}", stacks.EnumerateArray().Select(r => r.GetProperty("details").GetString()));
    }

    [Fact(Timeout = 120_000)]
    public async Task EmptyWorkingSet_Wine_AnswersYesAndDoesNothingAndItIsSaidSo()
    {
        await using var watched = await WatchedHost.StartAsync(wine, "--allow-empty-working-set");
        Assert.True(watched.Host.GetProperty("permits").GetProperty("emptyWorkingSet").GetBoolean());

        using var answer = await watched.Hub.Api.PostAsync(
            $"/api/v1/hosts/{watched.HostId}/processes/{watched.Target.Pid}/empty-working-set", null, TestContext.Current.CancellationToken);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        var emptied = JsonElement.Parse(text);
        Assert.InRange(Bytes(emptied, "residentAfter"), Bytes(emptied, "residentBefore"), long.MaxValue);
        Assert.Contains("did not shrink", Assert.Single(emptied.GetProperty("notes").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    private static long Bytes(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
