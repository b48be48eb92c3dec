using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.WorkingSets;

/// <summary>Has agents empty the working sets of processes. Thread-safe.</summary>
internal sealed partial class WorkingSets(IHostDirectory hosts, IAgentSessions sessions, AuditLog audit, ILogger<WorkingSets> logger) : IWorkingSets
{
    public async Task<EmptiedWorkingSet> EmptyAsync(LiveProcessAddress address, string who, CancellationToken cancellation)
    {
        try
        {
            var emptied = await AskAsync(address, cancellation).ConfigureAwait(false);
            Log.Emptied(logger, who, address.Pid, address.HostId, emptied.ResidentBefore, emptied.ResidentAfter);
            // Done is done: whoever stopped waiting just now is written down all the same.
            await audit.WriteAsync(who, AuditActions.WorkingSetEmptied, string.Create(CultureInfo.InvariantCulture, $"{address.HostId}/{address.Pid}"),
                string.Create(CultureInfo.InvariantCulture, $"{emptied.ResidentBefore} bytes resident before, {emptied.ResidentAfter} after"), CancellationToken.None).ConfigureAwait(false);
            return emptied;
        }
        catch (AgentRequestException ex)
        {
            Log.NotEmptied(logger, who, address.Pid, address.HostId, ex.Message);
            throw;
        }
        catch (OperationCanceledException)
        {
            Log.NotEmptied(logger, who, address.Pid, address.HostId, "They stopped waiting; an agent that had begun goes on.");
            throw;
        }
    }

    private Task<EmptiedWorkingSet> AskAsync(LiveProcessAddress address, CancellationToken cancellation)
    {
        if (hosts.Find(address.HostId) is not { } host)
        {
            throw new AgentRequestException(AgentFailure.Disconnected, HostMessages.Unknown(address.HostId));
        }
        if (sessions.Find(host.Id) is not { } session)
        {
            throw new AgentRequestException(AgentFailure.Disconnected, HostMessages.Offline(host));
        }
        if (!host.PermitsEmptyWorkingSet)
        {
            throw new AgentRequestException(AgentFailure.Denied, HostMessages.EmptyNotPermitted(host));
        }
        return session.EmptyWorkingSetAsync(new ProcessKey(address.Pid, address.StartStamp), cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 60, EventName = "WorkingSetEmptied", Level = LogLevel.Information,
            Message = "{Who} had the working set of process {Pid} on {Host} emptied: {Before} bytes resident before, {After} after.")]
        public static partial void Emptied(ILogger logger, string who, int pid, string host, long before, long after);

        [LoggerMessage(EventId = 61, EventName = "WorkingSetNotEmptied", Level = LogLevel.Warning,
            Message = "{Who} wanted the working set of process {Pid} on {Host} emptied, which was not done. {Reason}")]
        public static partial void NotEmptied(ILogger logger, string who, int pid, string host, string reason);
    }
}
