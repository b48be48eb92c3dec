using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Store;

/// <summary>Has an agent take a snapshot and keeps it. Thread-safe.</summary>
internal sealed class SnapshotTaker(IHostDirectory hosts, IAgentSessions sessions, ISnapshotBlocks blocks, ISnapshotStore store) : ISnapshotTaker
{
    public async Task<SnapshotOutcome> TakeAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        var address = request.Address;
        if (hosts.Find(address.HostId) is not { } host)
        {
            return Failed(SnapshotFailure.UnknownHost, HostMessages.Unknown(address.HostId));
        }
        if (sessions.Find(host.Id) is not { } session)
        {
            return Failed(SnapshotFailure.HostOffline, HostMessages.Offline(host));
        }
        if (request.Label.Length > SnapshotLimits.Label)
        {
            return Failed(SnapshotFailure.Failed, $"A label has at most {SnapshotLimits.Label} characters; this one has {request.Label.Length}.");
        }
        try
        {
            var snapshot = await session.TakeSnapshotAsync(new ProcessKey(address.Pid, address.StartStamp), cancellation).ConfigureAwait(false);
            var stored = await store.AddAsync(
                new NewSnapshot
                {
                    Snapshot = snapshot,
                    HostId = host.Id,
                    HostName = host.Name,
                    Blocks = await blocks.TakeAsync(host.Id, snapshot, cancellation).ConfigureAwait(false),
                    Label = request.Label,
                    Cause = request.Cause,
                    TakenBy = request.TakenBy,
                    ScheduleId = request.ScheduleId,
                },
                cancellation).ConfigureAwait(false);
            return new SnapshotOutcome(stored, SnapshotFailure.None, "");
        }
        catch (AgentRequestException ex)
        {
            return Failed(Kind(ex.Failure), ex.Message);
        }
        catch (StoreException ex)
        {
            return Failed(SnapshotFailure.Failed, ex.Message);
        }
    }

    private static SnapshotOutcome Failed(SnapshotFailure failure, string message) => new(null, failure, message);

    private static SnapshotFailure Kind(AgentFailure failure) => failure switch
    {
        AgentFailure.NotFound or AgentFailure.Gone or AgentFailure.Replaced => SnapshotFailure.ProcessGone,
        AgentFailure.NoAddressSpace => SnapshotFailure.NoAddressSpace,
        AgentFailure.Denied => SnapshotFailure.Denied,
        AgentFailure.Disconnected => SnapshotFailure.HostOffline,
        AgentFailure.Busy => SnapshotFailure.Busy,
        AgentFailure.TimedOut => SnapshotFailure.TimedOut,
        _ => SnapshotFailure.Failed,
    };
}
