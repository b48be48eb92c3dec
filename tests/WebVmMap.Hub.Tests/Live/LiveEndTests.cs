using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Live;

public sealed class LiveEndTests
{
    private const int Viewers = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What 500 viewers over an afternoon leave behind must be nothing.</summary>
    [Fact]
    public async Task Watch_LastViewerHasLeft_NothingOfTheProcessIsKept()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var kept = await WatchAndLeaveAsync(hub, agent);
        using var limit = new CancellationTokenSource(s_patience);
        while (kept.Any(reference => reference.TryGetTarget(out _)))
        {
            Assert.False(limit.IsCancellationRequested, "The process or a picture of it is still held: " + string.Join(", ", kept.Select(Name).Where(name => name.Length > 0)));
            // What is held for a moment only, as by a connection that is just closing, goes with one of the next collections.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(20, Stop);
        }
    }

    private static string Name(WeakReference<object> reference) => reference.TryGetTarget(out var target) ? target.GetType().Name : "";

    // In a method of its own, so that no variable of the test's holds what is to go.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference<object>>> WatchAndLeaveAsync(TestHub hub, ScriptedAgent agent)
    {
        var connections = new List<HubConnection>();
        var frames = new List<IAsyncEnumerator<byte[]>>();
        for (var i = 0; i < Viewers; i++)
        {
            var connection = new HubConnectionBuilder()
                .WithUrl(new Uri(hub.Pages, "/live"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(TestHub.ApiKey))
                .AddMessagePackProtocol()
                .Build();
            connections.Add(connection);
            await connection.StartAsync(Stop);
            frames.Add(connection.StreamAsync<byte[]>("Watch", LiveHubTests.Live(), Stop).GetAsyncEnumerator(Stop));
        }
        var first = frames.ConvertAll(viewer => viewer.MoveNextAsync().AsTask());
        var kept = new List<WeakReference<object>>();
        using var source = await LiveSource.BeginAsync(agent);
        using (var view = new LiveView(hub, new LiveProcessAddress("alpha", 42, 77)))
        {
            for (var tick = 1; tick <= 3; tick++)
            {
                await source.TickAsync();
                await view.Until(state => state.Sequence == tick);
                kept.Add(new(view.Current.Snapshot!));
                kept.Add(new(view.Current.Snapshot!.Regions));
            }
            Assert.All(await Task.WhenAll(first).WaitAsync(s_patience, Stop), Assert.True);
            using var lease = hub.Get<LiveProcesses>().Join(new LiveProcessAddress("alpha", 42, 77), 1000, wake: null);
            Assert.Equal(Viewers, lease.Process.Frames.Viewers);
            kept.Add(new(lease.Process));
            kept.Add(new(lease.Process.Frames));
        }
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }
        // The watch outlives its last viewer by a few seconds; then the agent is told, and ends its stream.
        await agent.NextAsync(message => message.Unwatch);
        return kept;
    }
}
