using Grpc.Core;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>One connection to the hub from its Welcome on: does what the hub asks for until either side ends it. Used once.</summary>
internal sealed class HubSession
{
    // A hub that names none, or one that would flood or be mistaken for dead, gets a period inside these.
    private const uint DefaultHeartbeatSeconds = 10;
    private const uint LongestHeartbeatSeconds = 300;

    private readonly AgentContext _context;
    private readonly AsyncDuplexStreamingCall<AgentMessage, HubMessage> _call;
    private readonly TimeSpan _heartbeat;
    private readonly ControlOutbox _outbox = new();
    private readonly WatchJobs _watches;
    private readonly SnapshotJobs _snapshots;
    private readonly ProcessListJobs _lists;
    private readonly WorkingSetJobs _workingSets;
    private readonly RecordingJobs _recordings;

    /// <summary>Prepares the session.</summary>
    /// <param name="context">What lasts as long as the agent.</param>
    /// <param name="connection">The hub.</param>
    /// <param name="call">The control stream, after Hello and Welcome.</param>
    /// <param name="welcome">What the hub said.</param>
    public HubSession(AgentContext context, HubConnection connection, AsyncDuplexStreamingCall<AgentMessage, HubMessage> call, Welcome welcome)
    {
        _context = context;
        _call = call;
        _heartbeat = TimeSpan.FromSeconds(Math.Min(welcome.HeartbeatSeconds == 0 ? DefaultHeartbeatSeconds : welcome.HeartbeatSeconds, LongestHeartbeatSeconds));
        _watches = new WatchJobs(context, connection, _outbox);
        _snapshots = new SnapshotJobs(context, connection, _outbox);
        _lists = new ProcessListJobs(context, _outbox);
        _workingSets = new WorkingSetJobs(context, _outbox);
        _recordings = new RecordingJobs(context, connection, _outbox);
    }

    /// <summary>Serves the hub until it ends the connection, which then returns or throws, or until stopped, which ends it in order.</summary>
    /// <param name="stop">Ends it in order.</param>
    /// <exception cref="RpcException">The connection broke or the hub ended it with a reason.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var jobs = new CancellationTokenSource();
        using var pump = new CancellationTokenSource();
        _recordings.Resume(jobs.Token);
        var reading = ReadAsync(jobs.Token);
        var writing = _outbox.PumpAsync(_call.RequestStream, pump.Token);
        var beating = BeatAsync(jobs.Token);
        using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            await Task.WhenAny(reading, writing, Task.Delay(Timeout.InfiniteTimeSpan, waiting.Token));
            await waiting.CancelAsync();
        }

        // In order: what runs ends, what waits is sent, the stream is closed, the hub closes its side.
        await _watches.StopAllAsync().WaitAsync(_context.Options.Limits.Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await jobs.CancelAsync();
        await Task.WhenAll(_watches.StopAllAsync(), _snapshots.WhenEnded(), _lists.WhenEnded(), _workingSets.WhenEnded(), _recordings.WhenEnded(), beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outbox.Close();
        await Task.WhenAny(Task.WhenAll(reading, writing), Task.Delay(_context.Options.Limits.Grace, CancellationToken.None));
        await pump.CancelAsync();
        if (!stop.IsCancellationRequested)
        {
            // How the stream of the hub ended says why; the writer only notices that it did.
            await (reading.IsCompleted ? reading : writing);
        }
    }

    private async Task ReadAsync(CancellationToken jobs)
    {
        await foreach (var message in _call.ResponseStream.ReadAllAsync(CancellationToken.None))
        {
            switch (message.BodyCase)
            {
                case HubMessage.BodyOneofCase.ListProcesses:
                    await _lists.StartAsync(message.ListProcesses, jobs);
                    break;
                case HubMessage.BodyOneofCase.TakeSnapshot when message.TakeSnapshot.Process is not null:
                    await _snapshots.StartAsync(message.TakeSnapshot, jobs);
                    break;
                case HubMessage.BodyOneofCase.Watch when message.Watch.Process is not null:
                    await _watches.StartAsync(message.Watch, jobs);
                    break;
                case HubMessage.BodyOneofCase.Unwatch:
                    _watches.Stop(message.Unwatch);
                    break;
                case HubMessage.BodyOneofCase.SetWatchInterval:
                    _watches.SetInterval(message.SetWatchInterval);
                    break;
                case HubMessage.BodyOneofCase.EmptyWorkingSet when message.EmptyWorkingSet.Process is not null:
                    await _workingSets.StartAsync(message.EmptyWorkingSet, jobs);
                    break;
                case HubMessage.BodyOneofCase.StartRecording:
                    await _recordings.StartAsync(message.StartRecording, jobs);
                    break;
                case HubMessage.BodyOneofCase.StopRecording:
                    _recordings.Stop(message.StopRecording);
                    break;
                case HubMessage.BodyOneofCase.ChildNamed:
                    await _recordings.NameChildAsync(message.ChildNamed, jobs);
                    break;
                case HubMessage.BodyOneofCase.FindBlocks:
                    await _recordings.FindAsync(message.FindBlocks, jobs);
                    break;
                case HubMessage.BodyOneofCase.ReadSource:
                    await _recordings.ReadSourceAsync(message.ReadSource, jobs);
                    break;
                default:
                    // A newer hub may say what this agent does not know; it learns the version from Hello.
                    break;
            }
        }
    }

    private async Task BeatAsync(CancellationToken cancellation)
    {
        var footprint = new AgentFootprint(_context.Time);
        using var timer = new PeriodicTimer(_heartbeat, _context.Time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var (resident, share) = footprint.Measure();
            _outbox.SendIfRoom(new AgentMessage
            {
                Heartbeat = new Heartbeat { ResidentBytes = resident, CpuShare = share, DroppedFrames = _context.Drops.Total },
            });
        }
    }
}
