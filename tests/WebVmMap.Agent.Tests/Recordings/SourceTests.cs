using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Agent.Tests.Uplink;
using WebVmMap.Core.Recordings;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Recordings;

/// <summary>Source text leaves the host only where the agent permits it, and only of files that the recording's own names tell of.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-source-").FullName;
    private readonly string _file;

    public SourceTests()
    {
        _file = Path.Combine(_folder, "shop.c");
        File.WriteAllText(_file, "int main(void)\n{\n    return take_order();\n}\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ReadSource_OfANamedFile_IsAnsweredAlsoAfterTheEndAndOfNoOtherFile()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: new AgentPermissions(Recording: true, Contents: false, Source: true));
        var call = await hub.WelcomeNextAgentAsync();
        Assert.True(call.Hello.PermitsSource);
        await call.SendAsync(new HubMessage { StartRecording = new StartRecording { RequestId = "q1", RecordingId = "r1", Command = { "prog" } } });
        await call.NextAsync();
        var stream = await hub.NextRecordingAsync();
        await stream.NameAsync();
        await stream.WantAsync(0);

        agent.Recorders.Next.Give(new RecordingInterval
        {
            Index = 0,
            EndedAt = DateTimeOffset.UnixEpoch,
            Health = new RecordingHealth(),
            Modules = [new RecordedModule("/opt/shop", "", "found")],
            Frames = [new RecordedFrame(0, 0x10)],
            Symbols = [new FrameSymbols(0, [new CodeLine("main", _file, 3)])],
        });
        await stream.IntervalAsync();
        var told = await AskAsync(_file);
        Assert.Equal((1U, 4U, ""), (told.SourceRead.FirstLine, told.SourceRead.TotalLines, told.SourceRead.NewerThan));
        Assert.Equal(["int main(void)", "{", "    return take_order();", "}"], told.SourceRead.Lines);

        var other = await AskAsync("/etc/hostname");
        Assert.Equal(FailureCode.Denied, other.RequestFailed.Code);
        Assert.Contains("names a file /etc/hostname", other.RequestFailed.Message, StringComparison.Ordinal);

        agent.Recorders.Next.End();
        await stream.BlocksAsync();
        await stream.EndAsync();
        stream.End(Grpc.Core.Status.DefaultSuccess);
        await agent.Recorders.Next.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(4, (await AskAsync(_file)).SourceRead.Lines.Count);
        File.Delete(_file);
        Assert.Equal(FailureCode.NotFound, (await AskAsync(_file)).RequestFailed.Code);
        Assert.Equal(FailureCode.Gone, (await AskAsync(_file, "another")).RequestFailed.Code);

        async Task<AgentMessage> AskAsync(string file, string recording = "r1")
        {
            await call.SendAsync(new HubMessage { ReadSource = new ReadSource { RequestId = "s", RecordingId = recording, File = file, Line = 3 } });
            return await call.NextAsync();
        }
    }

    [Fact]
    public async Task ReadSource_NotPermitted_IsDenied()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, permissions: new AgentPermissions(Recording: true, Contents: true, EmptyWorkingSet: true));
        var call = await hub.WelcomeNextAgentAsync();
        Assert.False(call.Hello.PermitsSource);
        await call.SendAsync(new HubMessage { ReadSource = new ReadSource { RequestId = "s", RecordingId = "r1", File = _file, Line = 1 } });
        var failed = (await call.NextAsync()).RequestFailed;
        Assert.Equal(("s", FailureCode.Denied), (failed.RequestId, failed.Code));
        Assert.Contains("--allow-source", failed.Message, StringComparison.Ordinal);
    }
}
