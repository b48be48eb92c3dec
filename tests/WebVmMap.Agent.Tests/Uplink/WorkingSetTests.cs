using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Protocol.V1;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Uplink;

/// <summary>Emptying working sets: only where this agent permits it.</summary>
public sealed class WorkingSetTests
{
    private static readonly AgentPermissions s_permitted = new(Recording: false, Contents: false, EmptyWorkingSet: true);

    [Fact]
    public async Task EmptyWorkingSet_Permitted_AnswersWithBothFigures()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        Assert.True(call.Hello.PermitsEmptyWorkingSet);

        await call.SendAsync(Ask(5, 1));

        Assert.Equal(
            new WorkingSetEmptied { RequestId = "e1", ResidentBefore = 16 * 4096, ResidentAfter = 8 * 4096, Notes = { "Half of it stays." } },
            (await call.NextAsync()).WorkingSetEmptied);
        Assert.Equal((1, 1), (process.Emptied, process.Disposed));
    }

    [Fact]
    public async Task EmptyWorkingSet_NotPermitted_IsDeniedAndNothingIsTouched()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: new AgentPermissions(Recording: true, Contents: true));
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        Assert.False(call.Hello.PermitsEmptyWorkingSet);

        await call.SendAsync(Ask(5, 1));

        var failed = (await call.NextAsync()).RequestFailed;
        Assert.Equal(("e1", FailureCode.Denied), (failed.RequestId, failed.Code));
        Assert.Contains("--allow-empty-working-set", failed.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (process.Opened, process.Emptied));
    }

    [Fact]
    public async Task EmptyWorkingSet_OfAPidThatWasGivenToAnother_IsReplacedAndNothingIsTouched()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var process = agent.Host.Add(new FakeProcess(5, startStamp: 2));
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(Ask(5, 1));

        Assert.Equal(FailureCode.Replaced, (await call.NextAsync()).RequestFailed.Code);
        Assert.Equal(0, process.Emptied);
    }

    [Fact]
    public async Task EmptyWorkingSet_ProbeThrows_IsFailedAndLogged()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        agent.Host.Add(new FakeProcess(5)).Exception = new InvalidOperationException("a bug");
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(Ask(5, 1));

        var failed = (await call.NextAsync()).RequestFailed;
        Assert.Equal(FailureCode.Failed, failed.Code);
        Assert.Contains("a bug", failed.Message, StringComparison.Ordinal);
        Assert.Single(agent.Log.Errors);
    }

    private static HubMessage Ask(int pid, long stamp) =>
        new() { EmptyWorkingSet = new EmptyWorkingSet { RequestId = "e1", Process = new ProcessRef { Pid = pid, StartStamp = stamp } } };
}
