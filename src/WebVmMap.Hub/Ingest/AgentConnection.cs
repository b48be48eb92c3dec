using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Grpc.Core;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Security;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>The control stream of one agent: what is to be sent, what is waited for, and why it ended. Thread-safe.</summary>
internal sealed class AgentConnection : IAgentSession, IDisposable
{
    private static readonly Status s_ended = new(StatusCode.OK, "");

    private readonly Channel<HubMessage> _outgoing = Channel.CreateBounded<HubMessage>(
        new BoundedChannelOptions(IngestLimits.OutgoingMessages) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    // By the id of the request.
    private readonly ConcurrentDictionary<string, IPendingAnswer> _answers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private readonly HostState _host;
    private readonly TimeProvider _time;
    private Status _status = s_ended;
    private bool _isClosed;

    public AgentConnection(HostState host, bool local, TimeProvider time)
    {
        Local = local;
        _host = host;
        _time = time;
        Closed = _closed.Token;
    }

    public string HostId => _host.Id;

    /// <summary>True when the agent is on the hub's own machine.</summary>
    public bool Local { get; }

    /// <summary>Cancelled when the connection is to end; <see cref="Status"/> then says why.</summary>
    public CancellationToken Closed { get; }

    /// <summary>Why it ended: OK when the agent went of its own accord.</summary>
    public Status Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    public ChannelReader<HubMessage> Outgoing => _outgoing.Reader;

    public Task<IReadOnlyList<ProcessInfo>> ListProcessesAsync(CancellationToken cancellation)
    {
        var id = SecretText.NewId();
        return AskAsync(
            id, new HubMessage { ListProcesses = new ListProcesses { RequestId = id } }, new PendingProcessList(),
            IngestLimits.ProcessList, "the list of its processes", cancellation);
    }

    public async Task<Snapshot> TakeSnapshotAsync(ProcessKey process, CancellationToken cancellation)
    {
        if (_answers.Count(answer => answer.Value is PendingSnapshot) >= IngestLimits.SnapshotsAtOnce)
        {
            throw new AgentRequestException(AgentFailure.Busy,
                $"{_host.Name} is taking {IngestLimits.SnapshotsAtOnce} snapshots already: try again when one is done.");
        }
        var id = SecretText.NewId();
        return await AskAsync(
            id, new HubMessage { TakeSnapshot = new TakeSnapshot { RequestId = id, Process = process.ToWire() } }, new PendingSnapshot(HostId, process),
            IngestLimits.Snapshot, "the snapshot", cancellation).ConfigureAwait(false);
    }

    public Task<EmptiedWorkingSet> EmptyWorkingSetAsync(ProcessKey process, CancellationToken cancellation)
    {
        var id = SecretText.NewId();
        return AskAsync(
            id, new HubMessage { EmptyWorkingSet = new EmptyWorkingSet { RequestId = id, Process = process.ToWire() } }, new PendingAnswer<EmptiedWorkingSet>(),
            IngestLimits.EmptyWorkingSet, "word that the working set is empty", cancellation);
    }

    public Task<RecordedProcess> StartRecordingAsync(string id, NewRecording recording, CancellationToken cancellation)
    {
        var request = RecordingMapping.ToWire(recording, SecretText.NewId(), id);
        return AskAsync(
            request.RequestId, new HubMessage { StartRecording = request }, new PendingAnswer<RecordedProcess>(),
            IngestLimits.StartRecording, "word that the recording runs", cancellation);
    }

    public void StopRecording(string id, bool endProgram) => Send(new HubMessage { StopRecording = new StopRecording { RecordingId = id, EndProgram = endProgram } });

    /// <summary>Tells the agent what a child of a recording is called, or why it is not wanted.</summary>
    public void Answer(ChildNamed named) => Send(new HubMessage { ChildNamed = named });

    public Task<FoundBlocks> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation)
    {
        var request = RecordingMapping.ToWire(question, SecretText.NewId(), id);
        return AskAsync(
            request.RequestId, new HubMessage { FindBlocks = request }, new PendingAnswer<FoundBlocks>(),
            IngestLimits.FindBlocks, "the live blocks", cancellation);
    }

    public Task<SourceLines> ReadSourceAsync(string id, string file, int line, CancellationToken cancellation)
    {
        var request = new ReadSource { RequestId = SecretText.NewId(), RecordingId = id, File = file, Line = (uint)line };
        return AskAsync(
            request.RequestId, new HubMessage { ReadSource = request }, new PendingAnswer<SourceLines>(),
            IngestLimits.ReadSource, "the source file", cancellation);
    }

    public void Watch(string watchId, ProcessKey process, int intervalMs) =>
        Send(new HubMessage { Watch = new Watch { WatchId = watchId, Process = process.ToWire(), IntervalMs = (uint)intervalMs } });

    public void SetWatchInterval(string watchId, int intervalMs) =>
        Send(new HubMessage { SetWatchInterval = new SetWatchInterval { WatchId = watchId, IntervalMs = (uint)intervalMs } });

    public void Unwatch(string watchId) => Send(new HubMessage { Unwatch = new Unwatch { WatchId = watchId } });

    public bool TryGetSnapshot(string requestId, [NotNullWhen(true)] out PendingSnapshot? pending)
    {
        pending = _answers.GetValueOrDefault(requestId) as PendingSnapshot;
        return pending is not null;
    }

    /// <summary>A part of a process list. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(ProcessList part)
    {
        (_answers.GetValueOrDefault(part.RequestId) as PendingProcessList)?.Add(part);
    }

    /// <summary>A working set was emptied. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(WorkingSetEmptied emptied)
    {
        if (emptied.ResidentBefore < 0 || emptied.ResidentAfter < 0 || emptied.Notes.Count > IngestLimits.EmptiedNotes)
        {
            throw new InvalidDataException($"An emptied working set has sizes from 0 and at most {IngestLimits.EmptiedNotes} notes.");
        }
        Waiting<EmptiedWorkingSet>(emptied.RequestId)?.Complete(new EmptiedWorkingSet(
            emptied.ResidentBefore, emptied.ResidentAfter, [.. emptied.Notes.Where(note => note.Length > 0).Select(FailureMapping.ToMessage)]));
    }

    /// <summary>A recording has begun. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(RecordingStarted started)
    {
        if (started.Pid <= 0)
        {
            throw new InvalidDataException("A recording that has begun has a process with an id above 0.");
        }
        Waiting<RecordedProcess>(started.RequestId)?.Complete(RecordingMapping.ToCore(started));
    }

    /// <summary>Live blocks were found. Those that nobody waits for any more are ignored: they came too late.</summary>
    /// <exception cref="InvalidDataException">They break a rule; the message says which.</exception>
    public void Receive(BlocksFound found) =>
        Waiting<FoundBlocks>(found.RequestId)?.Complete(RecordingMapping.ToCore(found));

    /// <summary>Source text was read. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(SourceRead read) =>
        Waiting<SourceLines>(read.RequestId)?.Complete(RecordingMapping.ToCore(read));

    /// <summary>A request failed at the agent.</summary>
    /// <returns>False when it is none of this connection's requests: then it may be a watch.</returns>
    public bool Receive(RequestFailed failed)
    {
        if (!_answers.TryGetValue(failed.RequestId, out var pending))
        {
            return false;
        }
        pending.Fail(failed.Code.ToAgentFailure(), FailureMapping.ToMessage(failed.Message));
        return true;
    }

    /// <summary>Ends the connection; the first reason counts. Whatever was waited for fails.</summary>
    public void Close(Status status)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }
            _isClosed = true;
            _status = status;
        }
        _outgoing.Writer.TryComplete();
        // What this wakes runs elsewhere: the caller may hold a lock. Before those who wait are told: whoever comes to wait after that sees it.
        _ = _closed.CancelAsync();
        foreach (var pending in _answers.Values)
        {
            pending.Fail(AgentFailure.Disconnected, $"The agent of {_host.Name} went away before it answered: try again when it is back.");
        }
    }

    public void Dispose()
    {
        Close(s_ended);
        _closed.Dispose();
    }

    private void Send(HubMessage message)
    {
        if (!_outgoing.Writer.TryWrite(message))
        {
            Close(new Status(StatusCode.ResourceExhausted, $"The agent did not read {IngestLimits.OutgoingMessages} messages: it is taken for stuck."));
        }
    }

    private PendingAnswer<T>? Waiting<T>(string requestId) => _answers.GetValueOrDefault(requestId) as PendingAnswer<T>;

    private async Task<T> AskAsync<T>(string requestId, HubMessage request, PendingAnswer<T> pending, TimeSpan timeout, string what, CancellationToken cancellation)
    {
        _answers[requestId] = pending;
        try
        {
            Send(request);
            // A request that was registered while the connection closed would otherwise wait for its timeout.
            if (Closed.IsCancellationRequested)
            {
                throw new AgentRequestException(AgentFailure.Disconnected, $"The agent of {_host.Name} has just gone: try again when it is back.");
            }
            return await pending.Done.WaitAsync(timeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException ex)
        {
            throw new AgentRequestException(AgentFailure.TimedOut,
                $"{_host.Name} did not send {what} within {timeout.TotalSeconds:0} seconds: it may be overloaded; try again.", ex);
        }
        finally
        {
            _answers.TryRemove(requestId, out _);
        }
    }
}
