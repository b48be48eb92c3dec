using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using WebVmMap.Hub.Security;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Adapts the calls of agents. One is made for each call, so it keeps no state.</summary>
[Authorize(AgentKeyScheme.Policy)]
internal sealed class AgentLinkService(AgentCalls calls, ControlStream control, SnapshotUpload upload, SampleStream samples, RecordingStream recordings) : AgentLink.AgentLinkBase
{
    public override Task Connect(IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<HubMessage> responseStream, ServerCallContext context) =>
        calls.RunAsync(context, ending => control.RunAsync(requestStream, responseStream, AgentIdentity.Of(context), ending));

    public override Task<UploadReceipt> UploadSnapshot(IAsyncStreamReader<SnapshotChunk> requestStream, ServerCallContext context) =>
        calls.RunAsync(context, ending => upload.ReceiveAsync(requestStream, AgentIdentity.Of(context), ending));

    public override Task StreamSamples(IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<SampleFeedback> responseStream, ServerCallContext context) =>
        calls.RunAsync(context, ending => samples.ReceiveAsync(requestStream, responseStream, AgentIdentity.Of(context), ending));

    public override Task StreamRecording(
        IAsyncStreamReader<RecordingChunk> requestStream, IServerStreamWriter<RecordingFeedback> responseStream, ServerCallContext context) =>
        calls.RunAsync(context, ending => recordings.ReceiveAsync(requestStream, responseStream, AgentIdentity.Of(context), ending));
}
