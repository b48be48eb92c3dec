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

    private readonly ConcurrentDictionary<string, PendingProcessList> _lists = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PendingSnapshot> _snapshots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<EmptiedWorkingSet>> _emptied = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RecordedProcess>> _recordings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FoundBlocks>> _blocks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SourceLines>> _sources = new(StringComparer.Ordinal);
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

    public async Task<IReadOnlyList<ProcessInfo>> ListProcessesAsync(CancellationToken cancellation)
    {
        var id = SecretText.NewId();
        var pending = _lists[id] = new PendingProcessList();
        try
        {
            Send(new HubMessage { ListProcesses = new ListProcesses { RequestId = id } });
            return await AnswerAsync(pending.Done, IngestLimits.ProcessList, "the list of its processes", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _lists.TryRemove(id, out _);
        }
    }

    public async Task<Snapshot> TakeSnapshotAsync(ProcessKey process, CancellationToken cancellation)
    {
        if (_snapshots.Count >= IngestLimits.SnapshotsAtOnce)
        {
            throw new AgentRequestException(AgentFailure.Busy,
                $"{_host.Name} is taking {IngestLimits.SnapshotsAtOnce} snapshots already: try again when one is done.");
        }
        var id = SecretText.NewId();
        var pending = _snapshots[id] = new PendingSnapshot(HostId, process);
        try
        {
            Send(new HubMessage { TakeSnapshot = new TakeSnapshot { RequestId = id, Process = process.ToWire() } });
            return await AnswerAsync(pending.Done, IngestLimits.Snapshot, "the snapshot", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _snapshots.TryRemove(id, out _);
        }
    }

    public async Task<EmptiedWorkingSet> EmptyWorkingSetAsync(ProcessKey process, CancellationToken cancellation)
    {
        var id = SecretText.NewId();
        var pending = _emptied[id] = new TaskCompletionSource<EmptiedWorkingSet>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new HubMessage { EmptyWorkingSet = new EmptyWorkingSet { RequestId = id, Process = process.ToWire() } });
            return await AnswerAsync(pending.Task, IngestLimits.EmptyWorkingSet, "word that the working set is empty", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _emptied.TryRemove(id, out _);
        }
    }

    public async Task<RecordedProcess> StartRecordingAsync(string id, NewRecording recording, CancellationToken cancellation)
    {
        var request = RecordingMapping.ToWire(recording, SecretText.NewId(), id);
        var pending = _recordings[request.RequestId] = new TaskCompletionSource<RecordedProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new HubMessage { StartRecording = request });
            return await AnswerAsync(pending.Task, IngestLimits.StartRecording, "word that the recording runs", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _recordings.TryRemove(request.RequestId, out _);
        }
    }

    public void StopRecording(string id, bool endProgram) => Send(new HubMessage { StopRecording = new StopRecording { RecordingId = id, EndProgram = endProgram } });

    public async Task<FoundBlocks> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation)
    {
        var request = RecordingMapping.ToWire(question, SecretText.NewId(), id);
        var pending = _blocks[request.RequestId] = new TaskCompletionSource<FoundBlocks>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new HubMessage { FindBlocks = request });
            return await AnswerAsync(pending.Task, IngestLimits.FindBlocks, "the live blocks", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _blocks.TryRemove(request.RequestId, out _);
        }
    }

    public async Task<SourceLines> ReadSourceAsync(string id, string file, int line, CancellationToken cancellation)
    {
        var request = new ReadSource { RequestId = SecretText.NewId(), RecordingId = id, File = file, Line = (uint)line };
        var pending = _sources[request.RequestId] = new TaskCompletionSource<SourceLines>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(new HubMessage { ReadSource = request });
            return await AnswerAsync(pending.Task, IngestLimits.ReadSource, "the source file", cancellation).ConfigureAwait(false);
        }
        finally
        {
            _sources.TryRemove(request.RequestId, out _);
        }
    }

    public void Watch(string watchId, ProcessKey process, int intervalMs) =>
        Send(new HubMessage { Watch = new Watch { WatchId = watchId, Process = process.ToWire(), IntervalMs = (uint)intervalMs } });

    public void SetWatchInterval(string watchId, int intervalMs) =>
        Send(new HubMessage { SetWatchInterval = new SetWatchInterval { WatchId = watchId, IntervalMs = (uint)intervalMs } });

    public void Unwatch(string watchId) => Send(new HubMessage { Unwatch = new Unwatch { WatchId = watchId } });

    public bool TryGetSnapshot(string requestId, [NotNullWhen(true)] out PendingSnapshot? pending) => _snapshots.TryGetValue(requestId, out pending);

    /// <summary>A part of a process list. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(ProcessList part)
    {
        if (_lists.TryGetValue(part.RequestId, out var pending))
        {
            pending.Add(part);
        }
    }

    /// <summary>A working set was emptied. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(WorkingSetEmptied emptied)
    {
        if (emptied.ResidentBefore < 0 || emptied.ResidentAfter < 0 || emptied.Notes.Count > IngestLimits.EmptiedNotes)
        {
            throw new InvalidDataException($"An emptied working set has sizes from 0 and at most {IngestLimits.EmptiedNotes} notes.");
        }
        if (_emptied.TryGetValue(emptied.RequestId, out var pending))
        {
            pending.TrySetResult(new EmptiedWorkingSet(
                emptied.ResidentBefore, emptied.ResidentAfter, [.. emptied.Notes.Where(note => note.Length > 0).Select(FailureMapping.ToMessage)]));
        }
    }

    /// <summary>A recording has begun. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(RecordingStarted started)
    {
        if (started.Pid <= 0)
        {
            throw new InvalidDataException("A recording that has begun has a process with an id above 0.");
        }
        if (_recordings.TryGetValue(started.RequestId, out var pending))
        {
            pending.TrySetResult(RecordingMapping.ToCore(started));
        }
    }

    /// <summary>Live blocks were found. Those that nobody waits for any more are ignored: they came too late.</summary>
    /// <exception cref="InvalidDataException">They break a rule; the message says which.</exception>
    public void Receive(BlocksFound found)
    {
        if (_blocks.TryGetValue(found.RequestId, out var pending))
        {
            pending.TrySetResult(RecordingMapping.ToCore(found));
        }
    }

    /// <summary>Source text was read. One that nobody waits for any more is ignored: it came too late.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Receive(SourceRead read)
    {
        if (_sources.TryGetValue(read.RequestId, out var pending))
        {
            pending.TrySetResult(RecordingMapping.ToCore(read));
        }
    }

    /// <summary>A request failed at the agent.</summary>
    /// <returns>False when it is none of this connection's requests: then it may be a watch.</returns>
    public bool Receive(RequestFailed failed)
    {
        var failure = failed.Code.ToAgentFailure();
        var message = FailureMapping.ToMessage(failed.Message);
        if (_lists.TryGetValue(failed.RequestId, out var list))
        {
            list.Fail(failure, message);
            return true;
        }
        if (_snapshots.TryGetValue(failed.RequestId, out var snapshot))
        {
            snapshot.Fail(failure, message);
            return true;
        }
        if (_emptied.TryGetValue(failed.RequestId, out var emptied))
        {
            emptied.TrySetException(new AgentRequestException(failure, message));
            return true;
        }
        if (_recordings.TryGetValue(failed.RequestId, out var recording))
        {
            recording.TrySetException(new AgentRequestException(failure, message));
            return true;
        }
        if (_blocks.TryGetValue(failed.RequestId, out var blocks))
        {
            blocks.TrySetException(new AgentRequestException(failure, message));
            return true;
        }
        if (_sources.TryGetValue(failed.RequestId, out var source))
        {
            source.TrySetException(new AgentRequestException(failure, message));
            return true;
        }
        return false;
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
        var message = $"The agent of {_host.Name} went away before it answered: try again when it is back.";
        foreach (var list in _lists.Values)
        {
            list.Fail(AgentFailure.Disconnected, message);
        }
        foreach (var snapshot in _snapshots.Values)
        {
            snapshot.Fail(AgentFailure.Disconnected, message);
        }
        foreach (var emptied in _emptied.Values)
        {
            emptied.TrySetException(new AgentRequestException(AgentFailure.Disconnected, message));
        }
        foreach (var recording in _recordings.Values)
        {
            recording.TrySetException(new AgentRequestException(AgentFailure.Disconnected, message));
        }
        foreach (var blocks in _blocks.Values)
        {
            blocks.TrySetException(new AgentRequestException(AgentFailure.Disconnected, message));
        }
        foreach (var source in _sources.Values)
        {
            source.TrySetException(new AgentRequestException(AgentFailure.Disconnected, message));
        }
        // What this wakes runs elsewhere: the caller may hold a lock.
        _ = _closed.CancelAsync();
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

    private async Task<T> AnswerAsync<T>(Task<T> answer, TimeSpan timeout, string what, CancellationToken cancellation)
    {
        // A request that was registered while the connection closed would otherwise wait for its timeout.
        if (Closed.IsCancellationRequested)
        {
            throw new AgentRequestException(AgentFailure.Disconnected, $"The agent of {_host.Name} has just gone: try again when it is back.");
        }
        try
        {
            return await answer.WaitAsync(timeout, _time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException ex)
        {
            throw new AgentRequestException(AgentFailure.TimedOut,
                $"{_host.Name} did not send {what} within {timeout.TotalSeconds:0} seconds: it may be overloaded; try again.", ex);
        }
    }
}
