using System.Collections.Concurrent;

namespace WebVmMap.Agent.Recordings;

/// <summary>The recordings of this agent: they go on while the hub is away. Thread-safe.</summary>
internal sealed class ActiveRecordings : IAsyncDisposable
{
    /// <summary>Of so many that are over it is still known which source files they name: somebody may look at them.</summary>
    public const int MaximumEnded = 32;

    private readonly ConcurrentQueue<(string Id, RecordedSources Sources)> _ended = new();
    private readonly ConcurrentDictionary<string, ActiveRecording> _all = new(StringComparer.Ordinal);

    /// <summary>Those under way, and those of which the hub has not stored all.</summary>
    public ICollection<ActiveRecording> All => _all.Values;

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The one that the hub calls so, or null.</summary>
    public ActiveRecording? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>The source files that a recording names, also of one that is over; null when it is not known (any more).</summary>
    public RecordedSources? FindSources(string id) => Find(id)?.Sources ?? _ended.FirstOrDefault(ended => ended.Id == id).Sources;

    /// <summary>Adds one; false when there is one of that name already.</summary>
    public bool TryAdd(ActiveRecording recording) => _all.TryAdd(recording.Id, recording);

    /// <summary>The hub has all of it or wants no more of it.</summary>
    public async Task RemoveAsync(ActiveRecording recording)
    {
        if (recording.Sources is { } sources)
        {
            _ended.Enqueue((recording.Id, sources));
        }
        while (_ended.Count > MaximumEnded)
        {
            _ended.TryDequeue(out _);
        }
        _all.TryRemove(KeyValuePair.Create(recording.Id, recording));
        await recording.DisposeAsync();
    }

    /// <summary>Ends all; their programs go on without the tracer.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var recording in _all.Values)
        {
            await RemoveAsync(recording);
        }
    }
}
