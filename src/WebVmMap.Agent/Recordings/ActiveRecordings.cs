using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WebVmMap.Core.Processes;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>The recordings of this agent: they go on while the hub is away. Thread-safe.</summary>
internal sealed class ActiveRecordings : IAsyncDisposable
{
    /// <summary>Of so many that are over it is still known which source files they name: somebody may look at them.</summary>
    public const int MaximumEnded = 32;

    private readonly ConcurrentQueue<(string Id, RecordedSources Sources)> _ended = new();
    private readonly ConcurrentDictionary<string, ActiveRecording> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string ParentId, ProcessKey Process), ActiveChild> _unnamed = [];
    private readonly ConcurrentDictionary<ActiveRecording, bool> _silent = [];
    private TaskCompletionSource _childrenChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _disposed;

    /// <summary>Those under way, and those of which the hub has not stored all.</summary>
    public ICollection<ActiveRecording> All => _all.Values;

    /// <summary>How many of them somebody asked for: not those of processes that came with one.</summary>
    public int Count => _all.Values.Count(recording => !recording.IsChild);

    /// <summary>Those of children that recorded something and that the hub has to name.</summary>
    public ICollection<ActiveChild> Unnamed => _unnamed.Values;

    /// <summary>Completed when the next one is among <see cref="Unnamed"/>; asked for before these are looked at.</summary>
    public Task ChildrenChanged => Volatile.Read(ref _childrenChanged).Task;

    /// <summary>The one that the hub calls so, or null.</summary>
    public ActiveRecording? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>The source files that a recording names, also of one that is over; null when it is not known (any more).</summary>
    public RecordedSources? FindSources(string id) => Find(id)?.Sources ?? _ended.FirstOrDefault(ended => ended.Id == id).Sources;

    /// <summary>Adds one; false when there is one of that name already.</summary>
    public bool TryAdd(ActiveRecording recording) => _all.TryAdd(recording.Id, recording);

    /// <summary>Takes the children of a recording as they come, whatever becomes of the connection. One that records nothing is let go of.</summary>
    /// <param name="id">The hub's name of the recording.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    /// <param name="keepsSources">Whether the source files that they name are remembered.</param>
    public async Task FollowAsync(string id, IRecording recording, ILogger logger, bool keepsSources)
    {
        await foreach (var child in recording.ReadChildrenAsync(CancellationToken.None))
        {
            var active = new ActiveRecording("", child, logger, keepsSources);
            _silent[active] = true;
            _ = KeepAsync(new ActiveChild(id, child, active));
        }
    }

    /// <summary>The hub has answered of one; null when it is not waited for (any more).</summary>
    public ActiveChild? TakeUnnamed(string parentId, ProcessKey process) => _unnamed.TryRemove((parentId, process), out var child) ? child : null;

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
        _disposed = true;
        foreach (var recording in _all.Values)
        {
            await RemoveAsync(recording);
        }
        foreach (var child in _silent.Keys.Concat(_unnamed.Values.Select(child => child.Recording)))
        {
            await child.DisposeAsync();
        }
    }

    private async Task KeepAsync(ActiveChild child)
    {
        var isKept = await child.Recording.RecordsAnything && !_disposed;
        if (isKept)
        {
            _unnamed[child.Key] = child;
            Interlocked.Exchange(ref _childrenChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
        _silent.TryRemove(child.Recording, out _);
        if (!isKept)
        {
            await child.Recording.DisposeAsync();
        }
    }
}
