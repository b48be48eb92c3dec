using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Commands;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>The working sets that the hub has emptied on one connection, where this agent permits it. Thread-safe.</summary>
internal sealed partial class WorkingSetJobs(AgentContext context, ControlOutbox outbox)
{
    private readonly JobSet _jobs = new(context.Options.Limits.EmptiedWorkingSets);

    /// <summary>Begins one, or says why not.</summary>
    public async ValueTask StartAsync(EmptyWorkingSet request, CancellationToken cancellation)
    {
        if (!context.Options.Permissions.EmptyWorkingSet)
        {
            Log.NotPermitted(context.Logger, request.Process.Pid);
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Denied,
                $"The agent does not permit emptying working sets: start it with {HubOptions.EmptyWorkingSetOption}.", cancellation);
        }
        else if (!_jobs.TryStart(() => RunAsync(request, cancellation)))
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy,
                $"The agent empties {_jobs.Most} working set already, the most it permits itself at once: try again when that is done.", cancellation);
        }
    }

    /// <summary>Returns when those under way have ended.</summary>
    public Task WhenEnded() => _jobs.WhenEnded();

    // The edge of a job: whatever goes wrong is logged, told to the hub, and harms nothing else.
    private async Task RunAsync(EmptyWorkingSet request, CancellationToken cancellation)
    {
        var pid = request.Process.Pid;
        try
        {
            var opened = context.Probe.Open(pid, request.Process.WantedStamp());
            if (!opened.TryGet(out var probe))
            {
                await outbox.SendFailureAsync(request.RequestId, opened.Outcome.ToWire(), opened.Message, cancellation);
                return;
            }
            using (probe)
            {
                var result = probe.EmptyWorkingSet(cancellation);
                if (!result.TryGet(out var emptied))
                {
                    await outbox.SendFailureAsync(request.RequestId, result.Outcome.ToWire(), result.Message, cancellation);
                    return;
                }
                Log.Emptied(context.Logger, pid, emptied.ResidentBefore, emptied.ResidentAfter);
                var answer = new WorkingSetEmptied
                {
                    RequestId = request.RequestId,
                    ResidentBefore = emptied.ResidentBefore,
                    ResidentAfter = emptied.ResidentAfter,
                };
                answer.Notes.AddRange(emptied.Notes);
                await outbox.SendAsync(new AgentMessage { WorkingSetEmptied = answer }, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends; it is known where that happened.
        }
        catch (Exception exception)
        {
            Log.Failed(context.Logger, pid, exception);
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed
                {
                    RequestId = request.RequestId,
                    Code = FailureCode.Failed,
                    Message = $"The agent failed to empty the working set of process {pid}: {exception.Message} Its log says more.",
                },
            });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 60, EventName = "WorkingSetEmptied", Level = LogLevel.Information,
            Message = "Emptied the working set of process {Pid} for the hub: {Before} bytes resident before, {After} after.")]
        public static partial void Emptied(ILogger logger, int pid, long before, long after);

        [LoggerMessage(EventId = 61, EventName = "EmptyNotPermitted", Level = LogLevel.Warning,
            Message = "The hub asked to empty the working set of process {Pid}, which is not permitted here.")]
        public static partial void NotPermitted(ILogger logger, int pid);

        [LoggerMessage(EventId = 62, EventName = "EmptyFailed", Level = LogLevel.Error, Message = "Emptying the working set of process {Pid} failed unexpectedly.")]
        public static partial void Failed(ILogger logger, int pid, Exception exception);
    }
}
