using Google.Protobuf;
using Grpc.Core;
using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Recordings;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Agent.Tests.Uplink;
using WebVmMap.Agent.Uplink;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Protocol.V1;
using WebVmMap.Recording;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>Recordings on their way to the hub: only where this agent permits it, and nothing lost.</summary>
public sealed class RecordingUploadTests
{
    private static readonly AgentPermissions s_permitted = new(Recording: true, Contents: false);

    [Fact]
    public async Task StartRecording_Permitted_LaunchesAndSendsEveryIntervalThenItsEnd()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        Assert.True(call.Hello.PermitsRecording);

        await call.SendAsync(Start());

        Assert.Equal(new RecordingStarted { RequestId = "q1", RecordingId = "r1", Pid = 4711 }, (await call.NextAsync()).RecordingStarted);
        var launch = Assert.Single(agent.Recorders.Launches);
        Assert.Equal(["prog", "a b"], launch.Command);
        Assert.Equal(("/tmp", "2"), (launch.WorkingDirectory, launch.Environment["ONE"]));
        var stream = await hub.NextRecordingAsync();
        Assert.Equal("r1", await stream.NameAsync());
        await stream.WantAsync(0);
        for (var i = 0; i < 3; i++)
        {
            agent.Recorders.Next.Give(i);
            Assert.Equal(i, (await stream.IntervalAsync()).Index);
            await stream.WantAsync(i + 1);
        }
        await call.SendAsync(new HubMessage { StopRecording = new StopRecording { RecordingId = "r1" } });
        // What is live at the end comes before it, for the hub to keep.
        Assert.Equal(new LiveBlock(0x1000, 64, 2, 1, 7), Assert.Single((await stream.BlocksAsync()).Blocks));
        Assert.Equal("", await stream.EndAsync());
        stream.End(Status.DefaultSuccess);
        await agent.Recorders.Next.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task StopRecording_WithTheProgram_EndsAfterTheProgramHas()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        var recording = agent.Recorders.Next;
        recording.ProgramEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await call.SendAsync(Start());
        _ = await call.NextAsync();
        var stream = await hub.NextRecordingAsync();
        _ = await stream.NameAsync();
        await stream.WantAsync(0);
        await call.SendAsync(new HubMessage { StopRecording = new StopRecording { RecordingId = "r1", EndProgram = true } });
        var blocks = stream.BlocksAsync();
        // The recording has ended, the program has not: nothing is said yet.
        await recording.Read.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await recording.ProgramAsked.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(recording.Questions);
        recording.ProgramEnded.SetResult();
        Assert.Single((await blocks).Blocks);
        Assert.Equal("", await stream.EndAsync());
        Assert.Equal([ActiveRecording.EndPatience], recording.ProgramEnds);
        stream.End(Status.DefaultSuccess);
    }

    [Fact]
    public async Task Child_ThatRecordsSomething_IsToldUntilTheHubNamesItAndThenSent()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        var start = Start();
        start.StartRecording.FollowChildren = true;
        await call.SendAsync(start);
        Assert.Equal("r1", (await call.NextAsync()).RecordingStarted.RecordingId);
        Assert.True(Assert.Single(agent.Recorders.Launches).FollowChildren);
        var parent = await hub.NextRecordingAsync();
        Assert.Equal("r1", await parent.NameAsync());
        await parent.WantAsync(0);

        var (silent, child) = (new ScriptedRecorders.ScriptedChild { Pid = 5 }, new ScriptedRecorders.ScriptedChild { Pid = 6 });
        agent.Recorders.Next.Children.Writer.TryWrite(silent);
        agent.Recorders.Next.Children.Writer.TryWrite(child);
        silent.Give(0);
        silent.End();
        await silent.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        child.Give(0);
        child.Give(1);
        var told = new RecordingChild { ParentId = "r1", Pid = 6, StartStamp = 1006, ParentPid = 4711, Program = "/usr/bin/child6" };
        Assert.Equal(told, (await call.NextAsync()).RecordingChild);
        // Not answered on this connection, it is told again on the next one.
        call.End(new Status(StatusCode.Unavailable, "The hub restarts."));
        await agent.Time.PassAsync(TimeSpan.FromSeconds(1));
        call = await hub.WelcomeNextAgentAsync();
        Assert.Equal(told, (await call.NextAsync()).RecordingChild);
        await (await hub.NextRecordingAsync()).NameAsync();
        await call.SendAsync(new HubMessage { ChildNamed = new ChildNamed { ParentId = "r1", Pid = 6, StartStamp = 1006, RecordingId = "r2" } });
        var stream = await hub.NextRecordingAsync();
        Assert.Equal("r2", await stream.NameAsync());
        await stream.WantAsync(0);
        Assert.Equal(0, (await stream.IntervalAsync()).Index);
        Assert.Equal(1, (await stream.IntervalAsync()).Index);
        await call.SendAsync(new HubMessage { StopRecording = new StopRecording { RecordingId = "r2" } });
        Assert.Single((await stream.BlocksAsync()).Blocks);
        Assert.Equal("", await stream.EndAsync());
        stream.End(Status.DefaultSuccess);
        await child.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        // It counts for nothing that somebody may ask for.
        Assert.Equal(1, agent.Context.Recordings.Count);
    }

    [Fact]
    public async Task Child_ThatTheHubRefuses_IsLetGoOf()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        _ = await call.NextAsync();
        var child = new ScriptedRecorders.ScriptedChild { Pid = 6 };
        agent.Recorders.Next.Children.Writer.TryWrite(child);
        child.Give(1);
        _ = await call.NextAsync();
        await call.SendAsync(new HubMessage { ChildNamed = new ChildNamed { ParentId = "r1", Pid = 6, StartStamp = 1006, Refusal = "Too many." } });
        await child.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(agent.Context.Recordings.Unnamed);
    }

    [Fact]
    public async Task StartRecording_NotPermitted_IsDeniedAndNothingIsStarted()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: new AgentPermissions(Recording: false, Contents: true, EmptyWorkingSet: true));
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(Start());

        var failed = (await call.NextAsync()).RequestFailed;
        Assert.Equal(("q1", FailureCode.Denied), (failed.RequestId, failed.Code));
        Assert.Contains("--allow-recording", failed.Message, StringComparison.Ordinal);
        Assert.Empty(agent.Recorders.Launches);
    }

    [Fact]
    public async Task StartRecording_OfAProcess_AttachesToExactlyThatOne()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var process = agent.Host.Add(new FakeProcess(7, 70));
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(Attach(new ProcessRef { Pid = 7, StartStamp = 71 }));
        Assert.Equal(FailureCode.Replaced, (await call.NextAsync()).RequestFailed.Code);
        await call.SendAsync(Attach(new ProcessRef { Pid = 8 }));
        Assert.Equal(FailureCode.NotFound, (await call.NextAsync()).RequestFailed.Code);
        Assert.Empty(agent.Recorders.Attachments);

        await call.SendAsync(Attach(new ProcessRef { Pid = 7, StartStamp = 70 }));
        var started = (await call.NextAsync()).RecordingStarted;
        Assert.Equal(("r1", 7, 70L), (started.RecordingId, started.Process.Pid, started.Process.StartStamp));
        Assert.Equal((process.Info.Name, process.Info.CommandLine), (started.Process.Name, started.Process.CommandLine));
        Assert.Equal(new ProcessKey(7, 70), Assert.Single(agent.Recorders.Attachments).Process);
        Assert.Empty(agent.Recorders.Launches);
    }

    [Theory]
    [InlineData(RecordingMode.Unspecified, 0, 0)]
    [InlineData(RecordingMode.Full, 0, 0)]
    [InlineData(RecordingMode.Sampled, 0, 512 << 10)]
    [InlineData(RecordingMode.Sampled, 4096, 4096)]
    public async Task StartRecording_WithAMode_RecordsByIt(RecordingMode mode, long sampleBytes, long expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        var start = Start();
        (start.StartRecording.Mode, start.StartRecording.SampleBytes) = (mode, sampleBytes);
        await call.SendAsync(start);
        Assert.Equal("r1", (await call.NextAsync()).RecordingStarted.RecordingId);
        Assert.Equal(expected, Assert.Single(agent.Recorders.Options).SampleBytes);
    }

    [Fact]
    public async Task StartRecording_DistanceBetweenSamplesOutOfReach_SaysWhatCanBe()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        var start = Start();
        (start.StartRecording.Mode, start.StartRecording.SampleBytes) = (RecordingMode.Sampled, 5);
        await call.SendAsync(start);
        Assert.Equal("One sample in 5 bytes cannot be had: from 256 to 2097152 can.", (await call.NextAsync()).RequestFailed.Message);
    }

    [Fact]
    public async Task StartRecording_ProgramThatCannotBeStarted_SaysWhy()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        agent.Recorders.Failure = new RecordingException("There is no such program.");
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(Start());

        Assert.Equal(
            new RequestFailed { RequestId = "q1", Code = FailureCode.Failed, Message = "There is no such program." }, (await call.NextAsync()).RequestFailed);
        Assert.Empty(agent.Log.Errors);
    }

    [Fact]
    public async Task Stream_ThatBreaks_IsOpenedAgainFromWhatTheHubStored()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        var first = await hub.NextRecordingAsync();
        await first.NameAsync();
        await first.WantAsync(0);
        agent.Recorders.Next.Give(0);
        agent.Recorders.Next.Give(1);
        await first.IntervalAsync();
        await first.IntervalAsync();
        first.End(new Status(StatusCode.Unavailable, "The disk is full."));

        await agent.Time.PassAsync(RecordingUpload.Pause);
        var second = await hub.NextRecordingAsync();
        Assert.Equal("r1", await second.NameAsync());
        await second.WantAsync(1);
        Assert.Equal(1, (await second.IntervalAsync()).Index);
    }

    [Fact]
    public async Task Connection_ThatIsLost_DoesNotEndTheRecording()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        var first = await hub.NextRecordingAsync();
        await first.NameAsync();
        await first.WantAsync(0);
        agent.Recorders.Next.Give(0);
        await first.IntervalAsync();
        call.End(new Status(StatusCode.Unavailable, "The hub restarts."));
        agent.Recorders.Next.Give(1);

        await agent.Time.PassAsync(TimeSpan.FromSeconds(1));
        await hub.WelcomeNextAgentAsync();
        var second = await hub.NextRecordingAsync();
        Assert.Equal("r1", await second.NameAsync());
        await second.WantAsync(1);
        Assert.Equal(1, (await second.IntervalAsync()).Index);
        Assert.Single(agent.Recorders.Launches);
    }

    [Fact]
    public async Task Hub_ThatDoesNotKnowIt_EndsTheRecording()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        var stream = await hub.NextRecordingAsync();
        await stream.NameAsync();
        stream.End(new Status(StatusCode.NotFound, "There is no recording under this id."));
        await agent.Recorders.Next.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Empty(agent.Context.Recordings.All);
    }

    [Fact]
    public async Task Hub_ThatStoresNothing_GetsTheRecorderToWaitInsteadOfAQueueWithoutEnd()
    {
        var recording = new ScriptedRecorders.ScriptedRecording();
        await using var active = new ActiveRecording("r1", recording, new ErrorLog());
        for (var i = 0; i < ActiveRecording.MaximumWaiting * 2; i++)
        {
            recording.Give(i);
        }
        Assert.NotNull(await active.NextAsync(ActiveRecording.MaximumWaiting - 1, TestContext.Current.CancellationToken));
        // One more is taken at most: the one that waits for room.
        Assert.InRange(recording.Taken, ActiveRecording.MaximumWaiting, ActiveRecording.MaximumWaiting + 1);
        active.Stored(ActiveRecording.MaximumWaiting);
        Assert.NotNull(await active.NextAsync((ActiveRecording.MaximumWaiting * 2) - 1, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<RecordingException>(() => active.NextAsync(0, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task Program_ThatIsToEndWhileTheHubStoresNothing_EndsAndTheAgentIsNotHeldUp()
    {
        var recording = new ScriptedRecorders.ScriptedRecording { StopsOnceRead = true };
        var active = new ActiveRecording("r1", recording, new ErrorLog());
        for (var i = 0; i < ActiveRecording.MaximumWaiting * 2; i++)
        {
            recording.Give(i);
        }
        Assert.NotNull(await active.NextAsync(ActiveRecording.MaximumWaiting - 1, TestContext.Current.CancellationToken));
        active.Stop(endProgram: true);
        await active.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([ActiveRecording.EndPatience], recording.ProgramEnds);
        Assert.True(recording.Disposed.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Recorder_ThatFails_TellsTheHubWhyAfterItsLastInterval()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        var stream = await hub.NextRecordingAsync();
        await stream.NameAsync();
        await stream.WantAsync(0);
        agent.Recorders.Next.Give(0);
        agent.Recorders.Next.End(new RecordingException("The ring is not understood."));
        await stream.IntervalAsync();
        Assert.Single((await stream.BlocksAsync()).Blocks);
        Assert.Equal("The ring is not understood.", await stream.EndAsync());
        stream.End(Status.DefaultSuccess);
    }

    [Fact]
    public async Task FindBlocks_OfOneThatRuns_IsAnswered()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: s_permitted);
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(Start());
        await call.NextAsync();
        await call.SendAsync(new HubMessage { FindBlocks = new FindBlocks { RequestId = "q2", RecordingId = "r1", Address = 0x1010, MinSize = 8, Top = 3, Skip = 5, Sites = ByteString.CopyFrom(4), BornFrom = 1, BornTo = 9, Bounds = { 0, 0x1000 }, Ranges = { 0, 8, 8, 0x2000 } } });
        Assert.Equal(
            new BlocksFound { RequestId = "q2", Count = 1, Bytes = 64, Blocks = { new BlockRow { Address = 0x1000, Size = 64, Site = 2, Born = 1, Thread = 7, Weight = 1 } } },
            (await call.NextAsync()).BlocksFound);
        var question = Assert.Single(agent.Recorders.Next.Questions);
        Assert.Equal((0x1010UL, 8L, 3, 5, (1, 9)), (question.Address, question.MinSize, question.Top, question.Skip, question.Born));
        Assert.Equal([2], Enumerable.Range(0, 20).Where(question.Sites!.Contains));
        Assert.Equal([0UL, 0x1000UL], question.Bounds);
        Assert.Equal([(0UL, 8UL), (8UL, 0x2000UL)], question.Ranges);
        await call.SendAsync(new HubMessage { FindBlocks = new FindBlocks { RequestId = "q3", RecordingId = "other" } });
        Assert.Equal(FailureCode.Gone, (await call.NextAsync()).RequestFailed.Code);
    }

    private static HubMessage Attach(ProcessRef process) => new() { StartRecording = new StartRecording { RequestId = "q1", RecordingId = "r1", Process = process } };

    private static HubMessage Start() => new()
    {
        StartRecording = new StartRecording
        {
            RequestId = "q1",
            RecordingId = "r1",
            Command = { "prog", "a b" },
            WorkingDirectory = "/tmp",
            Environment = { ["ONE"] = "2" },
        },
    };
}
