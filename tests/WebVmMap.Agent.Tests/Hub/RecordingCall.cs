using Grpc.Core;
using WebVmMap.Core.Recordings;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Hub;

/// <summary>One stream of a recording, seen from the hub. Reads only when the test does, so a test can be a slow hub.</summary>
internal sealed class RecordingCall(IAsyncStreamReader<RecordingChunk> requests, IServerStreamWriter<RecordingFeedback> responses)
{
    private readonly TaskCompletionSource<Status> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Status> Ended => _ended.Task;

    /// <summary>Ends the stream, as a hub that has a reason.</summary>
    public void End(Status status) => _ended.TrySetResult(status);

    public Task WantAsync(int next) => responses.WriteAsync(new RecordingFeedback { Next = (uint)next }, TestContext.Current.CancellationToken);

    /// <summary>Which recording it is.</summary>
    public async Task<string> NameAsync() => (await ChunkAsync()).RecordingId;

    /// <summary>The next interval whole.</summary>
    public async Task<RecordingInterval> IntervalAsync()
    {
        var data = new MemoryStream();
        while (true)
        {
            var chunk = await ChunkAsync();
            Assert.Null(chunk.Ended);
            Assert.InRange(chunk.IntervalPart.Length, 1, 256 * 1024);
            chunk.IntervalPart.WriteTo(data);
            if (chunk.IntervalComplete)
            {
                return RecordingCodec.Decode(data.ToArray());
            }
        }
    }

    /// <summary>What was live at the end.</summary>
    public async Task<KeptBlocks> BlocksAsync()
    {
        var data = new MemoryStream();
        while (true)
        {
            var chunk = await ChunkAsync();
            chunk.BlocksPart.WriteTo(data);
            if (chunk.BlocksComplete)
            {
                return KeptBlocksCodec.Decode(data.ToArray());
            }
        }
    }

    /// <summary>That it has ended, and why.</summary>
    public async Task<string> EndAsync()
    {
        var chunk = await ChunkAsync();
        Assert.NotNull(chunk.Ended);
        return chunk.Ended.Error;
    }

    private async Task<RecordingChunk> ChunkAsync()
    {
        Assert.True(await requests.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30)));
        return requests.Current;
    }
}
