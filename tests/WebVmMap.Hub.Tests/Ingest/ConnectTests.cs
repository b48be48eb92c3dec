using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Ingest;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Ingest;

public sealed class ConnectTests
{
    [Fact]
    public async Task Connect_Hello_ShowsHostOnlineWithWhatItTold()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync("Build Box 7");
        var host = Assert.Single(hub.Get<IHostDirectory>().Hosts);
        Assert.Equal("build-box-7", host.Id);
        Assert.Equal("Build Box 7", host.Name);
        Assert.True(host.Online);
        Assert.Equal("Test OS", host.OsDescription);
    }

    [Fact]
    public async Task Connect_NamedAsWhereImportedSnapshotsAre_IsAnotherHost()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync("Imported");
        var host = Assert.Single(hub.Get<IHostDirectory>().Hosts);
        Assert.Equal(("imported-2", "Imported"), (host.Id, host.Name));
    }

    [Fact]
    public async Task ConnectedAsync_NewHost_IsReadyBeforeItIsShownOnline()
    {
        await using var hub = await TestHub.StartAsync();
        var hosts = hub.Get<HostDirectory>();
        HostState? shown = null;
        var asked = 0;
        var introduction = new AgentMessage { Hello = ScriptedAgent.Hello("alpha") }.ToIntroduction();
        await hosts.ConnectedAsync(
            introduction,
            host =>
            {
                shown = hosts.Find(host.Id);
                asked++;
            },
            TestContext.Current.CancellationToken);
        Assert.Equal(1, asked);
        Assert.Null(shown);
        Assert.True(hosts.Find("alpha")?.Online);
    }

    [Fact]
    public async Task Connect_Leaves_HostStaysOffline()
    {
        await using var hub = await TestHub.StartAsync();
        var agent = await hub.AgentAsync();
        var offline = Signal.When(wake => hub.Get<IHostDirectory>().Subscribe(wake), () => hub.Get<IHostDirectory>().Find("alpha") is { Online: false });
        await agent.DisposeAsync();
        await offline;
    }

    [Fact]
    public async Task Connect_AfterRestart_HostIsKnownAndKeepsItsIdOverARename()
    {
        using var folder = new TestFolder();
        await using (var hub = await TestHub.StartAsync(folder: folder))
        {
            await using var agent = await hub.AgentAsync("alpha", "m1");
        }
        await using var restarted = await TestHub.StartAsync(folder: folder);
        var known = Assert.Single(restarted.Get<IHostDirectory>().Hosts);
        Assert.Equal(("alpha", false), (known.Id, known.Online));
        await using var renamed = await restarted.AgentAsync("omega", "m1");
        Assert.Equal("alpha", renamed.HostId);
        Assert.Equal("omega", Assert.Single(restarted.Get<IHostDirectory>().Hosts).Name);
    }

    [Fact]
    public async Task Connect_TwoMachinesOfOneName_GetTwoIds()
    {
        await using var hub = await TestHub.StartAsync();
        await using var first = await hub.AgentAsync("alpha", "m1");
        await using var second = await hub.AgentAsync("alpha", "m2");
        Assert.Equal(("alpha", "alpha-2"), (first.HostId, second.HostId));
    }

    [Fact]
    public async Task Connect_NewerOfSameHost_ReplacesOlder()
    {
        await using var hub = await TestHub.StartAsync();
        await using var older = await hub.AgentAsync();
        await using var newer = await hub.AgentAsync();
        Assert.Equal(StatusCode.Aborted, (await older.Ended).StatusCode);
        Assert.True(hub.Get<IHostDirectory>().Find("alpha")?.Online);
        var list = hub.Get<WebVmMap.Hub.Processes.IProcessDirectory>().ListAsync("alpha", TestContext.Current.CancellationToken);
        var request = await newer.NextAsync(message => message.ListProcesses);
        await newer.SendAsync(new AgentMessage { ProcessList = new ProcessList { RequestId = request.RequestId, Complete = true } });
        Assert.Equal("", (await list).Error);
    }

    public static TheoryData<string, StatusCode> BadHellos() => new()
    {
        { "heartbeat first", StatusCode.InvalidArgument },
        { "version", StatusCode.FailedPrecondition },
        { "no machine", StatusCode.InvalidArgument },
        { "long name", StatusCode.InvalidArgument },
        { "control characters", StatusCode.InvalidArgument },
        { "no platform", StatusCode.InvalidArgument },
        { "many limitations", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(BadHellos))]
    public async Task Connect_BadHello_EndsWithOneClearStatus(string what, StatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        var hello = ScriptedAgent.Hello();
        switch (what)
        {
            case "version":
                hello.ProtocolVersion = 2;
                break;
            case "no machine":
                hello.MachineId = "";
                break;
            case "long name":
                hello.HostName = new string('x', 101);
                break;
            case "control characters":
                hello.HostName = "a\u0007b";
                break;
            case "no platform":
                hello.Platform = Platform.Unspecified;
                break;
            case "many limitations":
                hello.Limitations.AddRange(Enumerable.Repeat("no rights", 51));
                break;
            default:
                break;
        }
        await using var agent = ScriptedAgent.Dial(hub.Agents);
        await agent.SendAsync(what == "heartbeat first" ? new AgentMessage { Heartbeat = new Heartbeat() } : new AgentMessage { Hello = hello });
        var status = await agent.Ended;
        Assert.Equal(expected, status.StatusCode);
        Assert.NotEmpty(status.Detail);
        Assert.Empty(hub.Get<IHostDirectory>().Hosts);
    }

    [Fact]
    public async Task Connect_NoHelloInTime_Ends()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = ScriptedAgent.Dial(hub.Agents);
        await AdvanceUntilAsync(time, agent.Ended);
        Assert.Equal(StatusCode.DeadlineExceeded, (await agent.Ended).StatusCode);
    }

    [Fact]
    public async Task Connect_SilentAgent_IsTakenForGone()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = await hub.AgentAsync();
        await AdvanceUntilAsync(time, agent.Ended);
        Assert.Equal(StatusCode.DeadlineExceeded, (await agent.Ended).StatusCode);
    }

    [Fact]
    public async Task Heartbeat_NonsenseFigures_AreTakenAsNone()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var hosts = hub.Get<IHostDirectory>();
        var heard = Signal.When(hosts.Subscribe, () => hosts.Find("alpha")?.AgentResidentBytes == 123);
        await agent.SendAsync(new AgentMessage { Heartbeat = new Heartbeat { ResidentBytes = -1, CpuShare = double.NaN } });
        await agent.SendAsync(new AgentMessage { Heartbeat = new Heartbeat { ResidentBytes = 123, CpuShare = double.PositiveInfinity } });
        await heard;
        Assert.Equal(0, hosts.Find("alpha")?.AgentCpuShare);
    }

    [Fact]
    public async Task Stop_ConnectedAgent_IsToldQuietly()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        await hub.StopAsync();
        var status = await agent.Ended;
        // When the connection closes before the client has read the hub's word, it sees that close instead: one without an error (RFC 9113, 7).
        Assert.True(status.StatusCode == StatusCode.Unavailable || status.Detail.Contains("NO_ERROR", StringComparison.Ordinal), status.ToString());
    }

    // The hub's timer is set a moment after the call begins, which nothing outside can see: time goes on until it has fired.
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task ended)
    {
        while (!ended.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(ended, Task.Delay(20, TestContext.Current.CancellationToken));
        }
    }
}
