using Microsoft.Extensions.Logging;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>The process lists that the hub asks for on one connection. Thread-safe.</summary>
internal sealed partial class ProcessListJobs(AgentContext context, ControlOutbox outbox)
{
    private readonly JobSet _jobs = new(context.Options.Limits.ProcessLists);

    /// <summary>Begins one, or says why not.</summary>
    public async ValueTask StartAsync(ListProcesses request, CancellationToken cancellation)
    {
        if (!_jobs.TryStart(() => RunAsync(request.RequestId, cancellation)))
        {
            var message = $"The agent makes {_jobs.Most} process lists already: try again when they are done.";
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy, message, cancellation);
        }
    }

    /// <summary>Returns when those under way have ended.</summary>
    public Task WhenEnded() => _jobs.WhenEnded();

    // The edge of a job: whatever goes wrong is logged, told to the hub, and harms nothing else.
    private async Task RunAsync(string requestId, CancellationToken cancellation)
    {
        try
        {
            var processes = context.Probe.ListProcesses();
            var message = new ProcessList { RequestId = requestId };
            foreach (var process in processes)
            {
                if (message.Processes.Count == AgentProtocol.ProcessesPerMessage)
                {
                    await outbox.SendAsync(new AgentMessage { ProcessList = message }, cancellation);
                    message = new ProcessList { RequestId = requestId };
                }
                message.Processes.Add(process.ToWire());
            }
            message.Complete = true;
            await outbox.SendAsync(new AgentMessage { ProcessList = message }, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ends; it is known where that happened.
        }
        catch (Exception exception)
        {
            Log.ListFailed(context.Logger, exception);
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed
                {
                    RequestId = requestId,
                    Code = FailureCode.Failed,
                    Message = $"The agent failed to list the processes: {exception.Message} Its log says more.",
                },
            });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 50, EventName = "ListFailed", Level = LogLevel.Error, Message = "Listing the processes failed unexpectedly.")]
        public static partial void ListFailed(ILogger logger, Exception exception);
    }
}
