using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Wine.Tests.ThroughHub;

/// <summary>A real hub, the Windows agent connected to it, and the program that knows its own memory on the agent's host.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    private readonly WineProgram _agent;

    private WatchedHost(HubProcess hub, WineProgram agent, RegionsTarget target, JsonElement host)
    {
        Hub = hub;
        _agent = agent;
        Target = target;
        Host = host;
    }

    public HubProcess Hub { get; }

    public RegionsTarget Target { get; }

    /// <summary>The host as the API lists it.</summary>
    public JsonElement Host { get; }

    public string HostId => Host.GetProperty("id").GetString()!;

    public static async Task<WatchedHost> StartAsync(WinePrefix wine, params string[] agentOptions)
    {
        var target = await RegionsTarget.StartAsync(wine);
        var hub = await HubProcess.StartAsync();
        var agent = wine.Start(wine.Agent, ["run", "--hub", hub.Agents, .. agentOptions]);
        var hosts = await hub.WaitForAsync("/api/v1/hosts", found => found.GetArrayLength() > 0);
        return new WatchedHost(hub, agent, target, Assert.Single(hosts.EnumerateArray()));
    }

    /// <summary>Takes a snapshot of the program through the API.</summary>
    /// <returns>The path of the snapshot in the API.</returns>
    public async Task<string> TakeSnapshotAsync()
    {
        using var answer = await Hub.Api.PostAsJsonAsync(
            $"/api/v1/hosts/{HostId}/processes/{Target.Pid}/snapshots", new { label = "through the hub" }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.Location!.OriginalString;
    }

    /// <summary>A kept snapshot as its file holds it.</summary>
    public async Task<Snapshot> ExportAsync(string path) =>
        SnapshotCodec.Decode(await Hub.Api.GetByteArrayAsync($"{path}/export?format=wvm", TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        Target.Dispose();
        await Hub.DisposeAsync();
    }
}
