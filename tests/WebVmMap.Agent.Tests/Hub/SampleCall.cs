using Grpc.Core;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Hub;

/// <summary>One stream of samples, seen from the hub. Reads only when the test does, so a test can be a slow hub.</summary>
internal sealed class SampleCall(IAsyncStreamReader<SampleChunk> requests, IServerStreamWriter<SampleFeedback> responses)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameDecoder? _decoder;

    public Task Ended => _ended.Task;

    public string WatchId { get; private set; } = "";

    public ProcessInfo? Process { get; private set; }

    public WatchState? State { get; private set; }

    public int LargestPart { get; private set; }

    public byte LastFrameKind { get; private set; }

    public void End() => _ended.TrySetResult();

    public Task AskForKeyFrameAsync() => responses.WriteAsync(new SampleFeedback { WantKeyFrame = true }, TestContext.Current.CancellationToken);

    /// <summary>The next message, or null when the agent has ended the stream in order.</summary>
    public async Task<SampleChunk?> NextAsync()
    {
        if (!await requests.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30)))
        {
            return null;
        }
        var chunk = requests.Current;
        WatchId += chunk.WatchId;
        if (chunk.State is { } state)
        {
            State = state;
            Process = state.Process?.ToCore() ?? Process;
        }
        return chunk;
    }

    /// <summary>Reads on until a whole frame has come, and applies it.</summary>
    public async Task<Snapshot> NextFrameAsync()
    {
        var frame = new MemoryStream();
        while (true)
        {
            var chunk = await NextAsync();
            Assert.NotNull(chunk);
            if (chunk.BodyCase != SampleChunk.BodyOneofCase.FramePart)
            {
                continue;
            }
            LargestPart = Math.Max(LargestPart, chunk.FramePart.Length);
            chunk.FramePart.WriteTo(frame);
            if (chunk.FrameComplete)
            {
                break;
            }
        }
        Assert.NotNull(Process);
        _decoder ??= new FrameDecoder(Process);
        LastFrameKind = frame.GetBuffer()[1];
        Assert.Equal(FrameOutcome.Applied, _decoder.Apply(frame.ToArray()));
        Assert.NotNull(_decoder.Current);
        return _decoder.Current;
    }
}
