using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Uplink;

/// <summary>Process lists and snapshots: what the hub asks for once.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task ListProcesses_Many_ComeInSeveralMessagesTheLastOfWhichIsComplete()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var expected = Enumerable.Range(1, (AgentProtocol.ProcessesPerMessage * 2) + 5).ToArray();
        foreach (var pid in expected)
        {
            agent.Host.Add(new FakeProcess(pid));
        }
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r1" } });
        var lists = new List<ProcessList>();
        do
        {
            lists.Add((await call.NextAsync()).ProcessList);
        }
        while (!lists[^1].Complete);

        Assert.Equal(3, lists.Count);
        Assert.All(lists, list => Assert.Equal("r1", list.RequestId));
        Assert.Equal(expected, lists.SelectMany(list => list.Processes).Select(row => row.Pid).Order());
    }

    [Fact]
    public async Task ListProcesses_ProbeThrows_FailsAndTheNextOneWorks()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        agent.Host.ListException = new InvalidOperationException("a bug");
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r1" } });
        var failed = (await call.NextAsync()).RequestFailed;
        agent.Host.ListException = null;
        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r2" } });

        Assert.Equal(("r1", FailureCode.Failed), (failed.RequestId, failed.Code));
        Assert.Contains("a bug", failed.Message, StringComparison.Ordinal);
        Assert.True((await call.NextAsync()).ProcessList.Complete);
        Assert.Single(agent.Log.Errors);
    }

    [Fact]
    public async Task TakeSnapshot_LargeProcess_ArrivesWholeInSmallChunks()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        // Brotli must not make it small: texts that repeat nothing.
        var process = agent.Host.Add(new FakeProcess(5));
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            process.Map(0x1000_0000 + ((ulong)i * 0x10000), 4096, Convert.ToBase64String(random.GetItems(s_bytes, 30)));
        }
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(new HubMessage { TakeSnapshot = new TakeSnapshot { RequestId = "s1", Process = new ProcessRef { Pid = 5 } } });
        var (id, data, largest) = await hub.NextUploadAsync();

        Assert.Equal("s1", id);
        Assert.InRange(data.Length, AgentProtocol.ChunkBytes + 1, int.MaxValue);
        Assert.InRange(largest, 1, AgentProtocol.ChunkBytes);
        var snapshot = SnapshotCodec.Decode(data);
        Assert.Equal(process.Key, snapshot.Process.Key);
        Assert.Equal(20_001 * 4096 + (15 * 4096), snapshot.Summary.Total.Size);
        Assert.Equal(1, process.Disposed);
    }

    [Fact]
    public async Task TakeSnapshot_OfAnotherStartStamp_IsReplaced() => await FailsAsync(
        _ => { }, new ProcessRef { Pid = 5, StartStamp = 999 }, FailureCode.Replaced, "Process 5 is another one now.");

    [Fact]
    public async Task TakeSnapshot_OfNoProcess_IsNotFound() => await FailsAsync(
        _ => { }, new ProcessRef { Pid = 6 }, FailureCode.NotFound, "There is no process 6.");

    [Fact]
    public async Task TakeSnapshot_OfAKernelThread_SaysThatItHasNoAddressSpace() => await FailsAsync(
        process => process.Failure = new ProbeFailure(ProbeOutcome.NoAddressSpace, "It has none."), new ProcessRef { Pid = 5 }, FailureCode.NoAddressSpace, "It has none.");

    [Fact]
    public async Task TakeSnapshot_Denied_SaysWhatToDo() => await FailsAsync(
        process => process.Failure = new ProbeFailure(ProbeOutcome.Denied, "Run the agent as root."), new ProcessRef { Pid = 5, StartStamp = 1 }, FailureCode.Denied, "Run the agent as root.");

    [Fact]
    public async Task TakeSnapshot_ProbeThrows_IsFailedAndLogged() => await FailsAsync(
        process => process.Exception = new InvalidOperationException("a bug"),
        new ProcessRef { Pid = 5 },
        FailureCode.Failed,
        "The agent failed to take a snapshot of process 5: a bug Its log says more.");

    [Fact]
    public async Task TakeSnapshot_MoreThanPermittedAtOnce_IsBusyAndTheOthersFinish()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, limits: new AgentLimits { Snapshots = 2 });
        using var hold = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        agent.Host.Add(new FakeProcess(5)).OnPass = () =>
        {
            entered.Release();
            hold.Wait(TestContext.Current.CancellationToken);
        };
        var call = await hub.WelcomeNextAgentAsync();

        foreach (var id in (string[])["s1", "s2", "s3"])
        {
            await call.SendAsync(new HubMessage { TakeSnapshot = new TakeSnapshot { RequestId = id, Process = new ProcessRef { Pid = 5 } } });
        }
        var failed = (await call.NextAsync()).RequestFailed;
        hold.Set();
        var uploaded = new[] { (await hub.NextUploadAsync()).RequestId, (await hub.NextUploadAsync()).RequestId };

        Assert.Equal(("s3", FailureCode.Busy), (failed.RequestId, failed.Code));
        Assert.Equal(["s1", "s2"], uploaded.Order());
    }

    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    private static async Task FailsAsync(Action<FakeProcess> prepare, ProcessRef process, FailureCode code, string message)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        prepare(agent.Host.Add(new FakeProcess(5)));
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(new HubMessage { TakeSnapshot = new TakeSnapshot { RequestId = "s1", Process = process } });

        Assert.Equal(new RequestFailed { RequestId = "s1", Code = code, Message = message }, (await call.NextAsync()).RequestFailed);
        // The agent lives on.
        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r" } });
        Assert.True((await call.NextAsync()).ProcessList.Complete);
    }
}
