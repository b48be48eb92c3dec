using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Agent.Uplink;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Uplink;

public sealed class HubUplinkTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunAsync_Connects_SaysHelloWithEverythingItKnows()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, key: "secret-key", permissions: new AgentPermissions(Recording: true, Contents: false));

        var call = await hub.NextAgentAsync();

        Assert.Equal("Bearer secret-key", call.Authorization);
        Assert.Equal(1u, call.Hello.ProtocolVersion);
        Assert.Equal("machine-1", call.Hello.MachineId);
        Assert.Equal("fake-host", call.Hello.HostName);
        Assert.Equal(Platform.Linux, call.Hello.Platform);
        Assert.Equal("Fake Linux 1", call.Hello.OsDescription);
        Assert.Equal("x64", call.Hello.Architecture);
        Assert.Matches(@"^\d+\.\d+\.\d+", call.Hello.AgentVersion);
        Assert.True(call.Hello.PermitsRecording);
        Assert.False(call.Hello.PermitsContents);
        Assert.Single(call.Hello.Limitations);
    }

    [Fact]
    public async Task RunAsync_TwoNamesOnOneMachine_AreTwoHostsEachTime()
    {
        await using var hub = await TestHub.StartAsync();
        var machines = new List<string>();
        foreach (var name in (string?[])[null, "first", "second", "first"])
        {
            await using var agent = new AgentFixture(hub.Url, name: name);
            machines.Add((await hub.NextAgentAsync()).Hello.MachineId);
        }

        Assert.Equal(3, machines.Distinct().Count());
        Assert.Equal(machines[1], machines[3]);
    }

    [Fact]
    public async Task RunAsync_WithName_AppearsUnderIt()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, name: "web server 3");

        Assert.Equal("web server 3", (await hub.NextAgentAsync()).Hello.HostName);
    }

    [Fact]
    public async Task RunAsync_HubEndsTheConnection_ComesBackAfterAPauseAndLogsEachChangeOnce()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var first = await hub.WelcomeNextAgentAsync();
        first.End(new Status(StatusCode.Unavailable, "The hub restarts."));

        hub.Link.Refusal = new Status(StatusCode.Unavailable, "The hub restarts.");
        await agent.Time.PassAsync(s_second);
        await agent.Time.PassAsync(s_second);
        await agent.Time.WaitBegunAsync(s_second);
        Assert.Equal(3, hub.Link.Dials);
        hub.Link.Refusal = null;
        agent.Time.Advance(s_second);
        var second = await hub.WelcomeNextAgentAsync();
        // An answer shows that the agent has taken the Welcome in.
        await second.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r" } });
        await second.NextAsync();

        Assert.Equal(
            ["Connected", "Not connected", "Connected"],
            agent.Log.Lines.Select(line => line[..line.IndexOf(" to the hub", StringComparison.Ordinal)]));
        Assert.Contains("The hub restarts", agent.Log.Lines.ElementAt(1), StringComparison.Ordinal);
    }

    // How the first write of a call fails that the hub ends at once depends on which of the two is noted first: many dials meet each order.
    [Fact]
    public async Task RunAsync_HubRefusesForALongTime_NeverGivesUp()
    {
        await using var hub = await TestHub.StartAsync();
        hub.Link.Refusal = new Status(StatusCode.Unavailable, "The hub restarts.");
        await using var agent = new AgentFixture(hub.Url);

        for (var attempt = 0; attempt < 300; attempt++)
        {
            await agent.Time.PassAsync(s_second);
        }

        Assert.Contains("The hub restarts", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NobodyListens_KeepsTryingAndSaysSoOnce()
    {
        // Bound and not listening: the port is refused, and no other test can be given it.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var agent = new AgentFixture($"http://{socket.LocalEndPoint}");

        for (var attempt = 0; attempt < 5; attempt++)
        {
            await agent.Time.PassAsync(s_second);
        }

        Assert.Contains("Connection refused", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HubSaysNothing_GivesUpAfter15Seconds()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        await hub.NextAgentAsync();

        await agent.Time.PassAsync(15 * s_second);
        await agent.Time.PassAsync(s_second);

        await hub.NextAgentAsync();
        Assert.Contains("did not answer for 15 s", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated, null, "wants a key")]
    [InlineData(StatusCode.Unauthenticated, "old", "refuses this agent's key")]
    [InlineData(StatusCode.PermissionDenied, "old", "refuses this agent's key")]
    public async Task RunAsync_HubRefusesTheKey_EndsWithWhatToDo(StatusCode code, string? key, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        hub.Link.Refusal = new Status(code, "No such key.");
        await using var agent = new AgentFixture(hub.Url, key: key);

        var refused = await Assert.ThrowsAsync<HubRefusedException>(() => agent.Running);

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("No such key", refused.Message, StringComparison.Ordinal);
        Assert.Contains("agent-key create", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, hub.Link.Dials);
    }

    [Fact]
    public async Task RunAsync_KeyIsRevokedWhileConnected_Ends()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, key: "k");
        var call = await hub.WelcomeNextAgentAsync();

        call.End(new Status(StatusCode.Unauthenticated, "The key was revoked."));

        Assert.Contains("was revoked", (await Assert.ThrowsAsync<HubRefusedException>(() => agent.Running)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Stopped_EndsItsSideInOrder()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r" } });
        await call.NextAsync();

        await agent.StopAsync();

        Assert.True(await call.AgentSideEnded);
        await agent.Running;
        Assert.Empty(agent.Log.Errors);
    }

    [Fact]
    public async Task RunAsync_Connected_SendsHeartbeatsWithItsFootprint()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var call = await hub.WelcomeNextAgentAsync(heartbeatSeconds: 7);

        await agent.Time.PassAsync(7 * s_second);

        var heartbeat = (await call.NextWithHeartbeatsAsync()).Heartbeat;
        Assert.InRange(heartbeat.ResidentBytes, 1 << 20, 4L << 30);
        Assert.InRange(heartbeat.CpuShare, 0, Environment.ProcessorCount);
        Assert.Equal(0, heartbeat.DroppedFrames);
    }

    [Fact]
    public async Task RunAsync_FirstMessageIsNotWelcome_TriesAgain()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        await (await hub.NextAgentAsync()).SendAsync(new HubMessage { Unwatch = new Unwatch() });

        await agent.Time.PassAsync(s_second);

        await hub.NextAgentAsync();
        Assert.Contains("not Welcome", Assert.Single(agent.Log.Lines), StringComparison.Ordinal);
    }
}
