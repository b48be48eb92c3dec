using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Ingest;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Ingest;

public sealed class SnapshotUploadTests
{
    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(100)]
    public async Task Take_AgentUploads_IsStoredAsSent(int chunk)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var snapshot = TestSnapshots.Of(allocations: 200);
        var (outcome, request) = await RequestAsync(hub, agent);
        await agent.UploadAsync(request.RequestId, SnapshotCodec.Encode(snapshot), chunk: chunk);
        var stored = (await outcome).Stored;
        Assert.NotNull(stored);
        Assert.Equal("before", stored.Label);
        var kept = await hub.Get<ISnapshotStore>().LoadAsync(stored.Id, CancellationToken.None);
        Assert.Equal(SnapshotCodec.Encode(snapshot), SnapshotCodec.Encode(kept!));
    }

    [Fact]
    public async Task Take_MalformedUpload_IsRefusedOnBothSides()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var (outcome, request) = await RequestAsync(hub, agent);
        var data = SnapshotCodec.Encode(TestSnapshots.Of());
        data[0] ^= 0xff;
        var refusal = await Assert.ThrowsAsync<RpcException>(() => agent.UploadAsync(request.RequestId, data));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Equal(SnapshotFailure.Failed, (await outcome).Failure);
        await AssertWorksAsync(hub, agent);
    }

    [Fact]
    public async Task Take_UploadWithoutItsEnd_IsDiscarded()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var (outcome, request) = await RequestAsync(hub, agent);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => agent.UploadAsync(request.RequestId, SnapshotCodec.Encode(TestSnapshots.Of()), last: false));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Null((await outcome).Stored);
        Assert.Empty(await hub.Get<ISnapshotStore>().ListAsync(new SnapshotQuery(), CancellationToken.None));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(-1, false)]
    public async Task Take_UploadByItsSize_IsAcceptedOrRefused(int room, bool accepted)
    {
        var data = SnapshotCodec.Encode(TestSnapshots.Of(allocations: 500));
        await using var hub = await TestHub.StartAsync(configure: builder =>
            builder.Services.AddSingleton(services => new SnapshotUpload(services.GetRequiredService<AgentConnections>(), data.Length + room)));
        await using var agent = await hub.AgentAsync();
        var (outcome, request) = await RequestAsync(hub, agent);
        var upload = agent.UploadAsync(request.RequestId, data, chunk: 500);
        if (!accepted)
        {
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => upload)).StatusCode);
        }
        Assert.Equal(accepted, (await outcome).Stored is not null);
    }

    [Fact]
    public async Task Take_SnapshotOfAnotherProcess_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var (outcome, request) = await RequestAsync(hub, agent);
        await Assert.ThrowsAsync<RpcException>(() => agent.UploadAsync(request.RequestId, TestSnapshots.Of(pid: 43)));
        Assert.Contains("43", (await outcome).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_NobodyAsked_IsNotFound()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => agent.UploadAsync("made-up", TestSnapshots.Of()));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Theory]
    [InlineData(FailureCode.NotFound, SnapshotFailure.ProcessGone)]
    [InlineData(FailureCode.NoAddressSpace, SnapshotFailure.NoAddressSpace)]
    [InlineData(FailureCode.Gone, SnapshotFailure.ProcessGone)]
    [InlineData(FailureCode.Replaced, SnapshotFailure.ProcessGone)]
    [InlineData(FailureCode.Denied, SnapshotFailure.Denied)]
    [InlineData(FailureCode.Busy, SnapshotFailure.Busy)]
    [InlineData(FailureCode.Failed, SnapshotFailure.Failed)]
    [InlineData(FailureCode.Unspecified, SnapshotFailure.Failed)]
    public async Task Take_AgentSaysWhyNot_IsHandedOn(FailureCode code, SnapshotFailure expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var (outcome, request) = await RequestAsync(hub, agent);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = code, Message = "The reason." } });
        Assert.Equal((expected, "The reason."), ((await outcome).Failure, (await outcome).Message));
    }

    [Fact]
    public async Task Take_AgentHangsUp_SaysSo()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var (outcome, _) = await RequestAsync(hub, agent);
        await agent.HangUpAsync();
        Assert.Equal(SnapshotFailure.HostOffline, (await outcome).Failure);
    }

    [Fact]
    public async Task Take_FifthAtATime_IsBusy()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var outcomes = new List<Task<SnapshotOutcome>>();
        for (var i = 0; i < 4; i++)
        {
            outcomes.Add((await RequestAsync(hub, agent)).Outcome);
        }
        var fifth = await hub.Get<ISnapshotTaker>().TakeAsync(Wish, CancellationToken.None);
        Assert.Equal(SnapshotFailure.Busy, fifth.Failure);
        await agent.HangUpAsync();
        await Task.WhenAll(outcomes);
    }

    private static SnapshotRequest Wish => new(new LiveProcessAddress("alpha", 42, 0), "before");

    private static async Task<(Task<SnapshotOutcome> Outcome, TakeSnapshot Request)> RequestAsync(TestHub hub, ScriptedAgent agent)
    {
        var outcome = hub.Get<ISnapshotTaker>().TakeAsync(Wish, CancellationToken.None);
        return (outcome, await agent.NextAsync(message => message.TakeSnapshot));
    }

    private static async Task AssertWorksAsync(TestHub hub, ScriptedAgent agent)
    {
        var (outcome, request) = await RequestAsync(hub, agent);
        await agent.UploadAsync(request.RequestId, TestSnapshots.Of());
        Assert.NotNull((await outcome).Stored);
    }
}
