using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Recordings in memory, whose intervals a test adds.</summary>
internal sealed class FakeRecordings : IRecordings
{
    private readonly Wakes _wakes = new();
    private readonly Dictionary<string, List<RecordingInterval>> _intervals = [];

    public ImmutableArray<Recording> All { get; private set; } = [];

    public List<NewRecording> Started { get; } = [];

    public List<string> Deleted { get; } = [];

    /// <summary>The live blocks of all, by rising address.</summary>
    public List<LiveBlock> Live { get; } = [];

    /// <summary>Why there are no live blocks; null when there may be some.</summary>
    public string? NoBlocks { get; set; }

    /// <summary>Why the agent refuses to begin; null when it does not.</summary>
    public string? Refusal { get; set; }

    public Recording? Find(string id) => All.FirstOrDefault(recording => recording.Id == id);

    public IDisposable Subscribe(Action wake) => _wakes.Add(wake);

    public IDisposable Subscribe(string id, Action wake) => _wakes.Add(wake);

    public void Set(Recording recording, params RecordingInterval[] more)
    {
        if (!_intervals.TryGetValue(recording.Id, out var intervals))
        {
            _intervals.Add(recording.Id, intervals = []);
        }
        intervals.AddRange(more);
        var state = State(recording.Id);
        var now = recording with { Intervals = intervals.Count, Total = state.Total, Virtual = state.Virtual, Health = state.Health, Events = state.Health.Events, DroppedEvents = state.Health.DroppedEvents };
        All = [now, .. All.Where(other => other.Id != recording.Id)];
        _wakes.WakeAll();
    }

    public Task<Recording> StartAsync(NewRecording recording, string who, CancellationToken cancellation)
    {
        if (Refusal is not null)
        {
            throw new AgentRequestException(AgentFailure.Denied, Refusal);
        }
        Started.Add(recording);
        Set(new Recording { Id = $"recording-{Started.Count}", HostId = recording.HostId, HostName = recording.HostId, CommandLine = string.Join(' ', recording.Command), Launched = true, Phase = RecordingPhase.Running, StartedAt = RecordingSamples.StartedAt });
        return Task.FromResult(All[0]);
    }

    /// <summary>The recordings whose program was to end.</summary>
    public List<string> Ended { get; } = [];

    public Task<Recording?> StopAsync(string id, bool endProgram, string who, CancellationToken cancellation)
    {
        if (endProgram)
        {
            Ended.Add(id);
        }
        Set(Find(id)! with { Phase = RecordingPhase.Stopped, StoppedAt = RecordingSamples.StartedAt.AddSeconds(1) });
        return Task.FromResult(Find(id));
    }

    public Task<RecordingMark?> MarkAsync(string id, string label, string who, CancellationToken cancellation)
    {
        var mark = new RecordingMark(RecordingSamples.StartedAt.AddMilliseconds(300), label, who);
        Set(Find(id)! with { Marks = Find(id)!.Marks.Add(mark) });
        return Task.FromResult<RecordingMark?>(mark);
    }

    public Task<Recording?> ChangeAsync(string id, RecordingChange change, CancellationToken cancellation)
    {
        var now = Find(id)!;
        Set(now with { Name = change.Name ?? now.Name, Note = change.Note ?? now.Note, Pinned = change.Pinned ?? now.Pinned });
        return Task.FromResult(Find(id));
    }

    /// <summary>The source files that the agent can read, by their paths.</summary>
    public Dictionary<string, SourceLines> Sources { get; } = [];

    /// <summary>Why there is no source text; null when there may be some.</summary>
    public string? NoSource { get; set; }

    public Task<SourceLines?> ReadSourceAsync(string id, string file, int line, string who, CancellationToken cancellation) =>
        NoSource is not null ? throw new AgentRequestException(AgentFailure.Denied, NoSource)
        : Sources.TryGetValue(file, out var lines) ? Task.FromResult<SourceLines?>(lines)
        : throw new AgentRequestException(AgentFailure.NotFound, $"There is no file {file} on this machine.");

    public Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation)
    {
        Deleted.Add(id);
        All = [.. All.Where(recording => recording.Id != id)];
        _wakes.WakeAll();
        return Task.FromResult(true);
    }

    public Task<T?> ReadAsync<T>(string id, Func<RecordingState, T> read, CancellationToken cancellation) => Task.FromResult<T?>(read(State(id)));

    public Task<T?> ReadSpanAsync<T>(string id, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation)
    {
        var state = State(id);
        var (from, to) = span(state);
        var totals = new SpanTotals(state, from, to);
        foreach (var interval in _intervals[id])
        {
            totals.Add(interval);
        }
        return Task.FromResult<T?>(read(state, totals.Complete()));
    }

    public IAsyncEnumerable<RecordingInterval> ReadIntervalsAsync(string id, CancellationToken cancellation) => _intervals[id].ToAsyncEnumerable();

    public Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation)
    {
        var found = new KeptBlocks { Blocks = [.. Live] }.Find(question);
        return NoBlocks is { } why
            ? Task.FromException<FoundInRecording>(new AgentRequestException(AgentFailure.Gone, why))
            : Task.FromResult(new FoundInRecording(found, Find(id)!.Phase == RecordingPhase.Running, 0, 0));
    }

    private RecordingState State(string id)
    {
        var state = new RecordingState();
        foreach (var interval in _intervals[id])
        {
            state.Apply(interval);
        }
        return state;
    }
}
