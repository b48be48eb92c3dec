using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// The recordings: what is known of each in memory and in the database, and what is in them by way of <see cref="LoadedRecordings"/>.
/// Thread-safe.
/// </summary>
internal sealed partial class RecordingBook(
    RecordingStore store, LoadedRecordings loaded, SpanReader spans, EndBlocks ended, IHostDirectory hosts, IAgentSessions sessions, AuditLog audit, TimeProvider time, ILogger<RecordingBook> logger)
    : IRecordings, IRecordingFeeds, IHostedService, IDisposable
{
    /// <summary>How long the agent of a recording may be away before the recording is taken for failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long an agent may take to end a recording and send the rest.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Most recordings of a host under way at once.</summary>
    public const int MaximumAtOnce = 8;

    /// <summary>Most recordings of processes that one program started.</summary>
    public const int MaximumChildren = 1024;

    /// <summary>Most of them under way at once.</summary>
    public const int MaximumChildrenAtOnce = 256;

    /// <summary>How long after the end of a recording and of all of its children more of them may come: an agent may have been away.</summary>
    public static readonly TimeSpan ChildrenPatience = TimeSpan.FromMinutes(10);

    private const int MaximumText = 1000;
    private const int MaximumProgram = 260;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _children = new(1);
    private readonly WakeupList _views = new(time, logger);
    private ImmutableDictionary<string, RecordingEntry> _entries = ImmutableDictionary<string, RecordingEntry>.Empty;

    public ImmutableArray<Recording> All =>
        [.. _entries.Values.Select(entry => entry.Now).OrderByDescending(recording => recording.StartedAt).ThenBy(recording => recording.Id, StringComparer.Ordinal)];

    public Recording? Find(string id) => _entries.GetValueOrDefault(id)?.Now;

    public IDisposable Subscribe(Action wake) => _views.Add(wake);

    public IDisposable Subscribe(string id, Action wake) => _entries.TryGetValue(id, out var entry) ? entry.Views.Add(wake) : _views.Add(wake);

    /// <summary>Reads what is kept. A recording that was under way when the hub ended goes on when its agent comes back in time.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var recording in await store.LoadAsync(cancellationToken).ConfigureAwait(false))
        {
            var entry = Enter(recording);
            // A recording that did not end in order may have segments that were never merged; all of them together is what is cheap to say.
            entry.Merged = recording.HasEnded ? recording.Intervals : recording.Intervals / RecordingStore.SegmentIntervals * RecordingStore.SegmentIntervals;
            if (recording.HasEnded)
            {
                entry.Ended.TrySetResult();
            }
            else if (recording.Phase == RecordingPhase.Starting)
            {
                await EndAsync(entry, "The hub ended before the agent said that it had begun: start another one.").ConfigureAwait(false);
            }
            else
            {
                WaitFor(entry);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Recording> StartAsync(NewRecording recording, string who, CancellationToken cancellation)
    {
        if (recording.Problem is { } problem)
        {
            throw new ArgumentException(problem);
        }
        var host = hosts.Find(recording.HostId) ?? throw new AgentRequestException(AgentFailure.NotFound, HostMessages.Unknown(recording.HostId));
        var session = sessions.Find(recording.HostId) ?? throw Offline(host.Name);
        if (!host.PermitsRecording)
        {
            throw new AgentRequestException(AgentFailure.Denied,
                $"The agent of {host.Name} does not permit recordings: start it there with --allow-recording.");
        }
        if (_entries.Values.Count(other => other.Now.HostId == host.Id && !other.Now.HasEnded && other.Now.ParentId.Length == 0) >= MaximumAtOnce)
        {
            throw new AgentRequestException(AgentFailure.Busy, $"{MaximumAtOnce} recordings of {host.Name} are under way, as many as may be: stop one first.");
        }
        var what = recording.Pid is { } pid ? $"attach to process {pid} on {host.Id}" : $"{string.Join(' ', recording.Command)} on {host.Id}{(recording.FollowsChildren ? ", with the processes that it starts" : "")}";
        var made = new Recording
        {
            Id = SecretText.NewId(),
            HostId = host.Id,
            HostName = host.Name,
            Pid = recording.Pid ?? 0,
            Program = SnapshotLimits.Cut(ProgramOf(recording), MaximumProgram),
            CommandLine = SnapshotLimits.Cut(string.Join(' ', recording.Command), MaximumText),
            Launched = recording.Pid is null,
            FollowsChildren = recording.FollowsChildren,
            Sampled = recording.Sampled,
            Phase = RecordingPhase.Starting,
            StartedAt = Now(),
            StartedBy = SnapshotLimits.Cut(who, SnapshotLimits.Who),
        };
        await store.AddAsync(made, what, cancellation).ConfigureAwait(false);
        var entry = Enter(made);
        Log.Started(logger, who, made.Id, what);
        try
        {
            // What the agent was asked for it does, whether or not whoever asked still waits.
            var process = await session.StartRecordingAsync(made.Id, recording, CancellationToken.None).ConfigureAwait(false);
            return await ChangeAsync(entry, now => now.HasEnded ? now : Begun(now, process), CancellationToken.None).ConfigureAwait(false);
        }
        catch (AgentRequestException ex)
        {
            await EndAsync(entry, ex.Message).ConfigureAwait(false);
            throw;
        }
        finally
        {
            WaitFor(entry);
        }
    }

    public async Task<Recording?> StopAsync(string id, bool endProgram, string who, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return null;
        }
        if (endProgram && !entry.Now.Launched)
        {
            throw new ArgumentException(entry.Now.ParentId.Length > 0
                ? "The process was started by a recorded one: an agent ends only programs that it launched itself."
                : "The program ran before it was recorded: an agent ends only programs that it launched itself.");
        }
        if (entry.Now.HasEnded)
        {
            // Those that outlived it end when it is stopped once more.
            StopChildren(id);
            return endProgram ? throw new ArgumentException("The recording has ended already, and with it the agent's hold on its program: end that on its host.") : entry.Now;
        }
        var session = sessions.Find(entry.Now.HostId) ?? throw Offline(entry.Now.HostName);
        await audit.WriteAsync(who, AuditActions.RecordingStopped, id, What(entry.Now), cancellation).ConfigureAwait(false);
        if (endProgram)
        {
            await audit.WriteAsync(who, AuditActions.ProgramEnded, id, $"process {entry.Now.Pid}: {What(entry.Now)}", cancellation).ConfigureAwait(false);
        }
        session.StopRecording(id, endProgram);
        StopChildren(id);
        try
        {
            await entry.Ended.Task.WaitAsync(StopTimeout, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException ex)
        {
            throw new AgentRequestException(AgentFailure.TimedOut,
                $"{entry.Now.HostName} did not end the recording within {StopTimeout.TotalSeconds:0} seconds: it may be overloaded; try again.", ex);
        }
        return entry.Now;
    }

    public async Task<string> AddChildAsync(NewChild child, string hostId, CancellationToken cancellation)
    {
        await _children.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_entries.GetValueOrDefault(child.ParentId)?.Now is not { FollowsChildren: true } parent || parent.HostId != hostId)
            {
                throw new ArgumentException($"There is no recording {child.ParentId} of this host that follows the processes that its program starts.");
            }
            var others = this.ChildrenOf(child.ParentId);
            if (others.FirstOrDefault(other => other.Pid == child.Process.Pid && other.StartStamp == child.Process.StartStamp) is { } known)
            {
                return known.Id;
            }
            if (others.Length >= MaximumChildren || others.Count(other => !other.HasEnded) >= MaximumChildrenAtOnce)
            {
                throw new ArgumentException($"Of the processes that one program starts, {MaximumChildren} are kept, and {MaximumChildrenAtOnce} are recorded at once.");
            }
            var last = others.Append(parent).Max(other => other.HasEnded ? other.StoppedAt ?? other.StartedAt : DateTimeOffset.MaxValue);
            if (last != DateTimeOffset.MaxValue && Now() - last > ChildrenPatience)
            {
                throw new ArgumentException($"The recording {child.ParentId} has ended, and with it all that its program started.");
            }
            var made = new Recording
            {
                Id = SecretText.NewId(),
                HostId = parent.HostId,
                HostName = parent.HostName,
                Pid = child.Process.Pid,
                StartStamp = child.Process.StartStamp,
                ParentId = parent.Id,
                ParentPid = child.ParentPid,
                Program = SnapshotLimits.Cut(NameOf(child.Program), MaximumProgram),
                CommandLine = SnapshotLimits.Cut(child.Program, MaximumText),
                Sampled = parent.Sampled,
                Phase = RecordingPhase.Running,
                StartedAt = Now(),
                StartedBy = parent.StartedBy,
            };
            // Who asked for it, and that children were to be followed, the audit has of the parent.
            await store.AddAsync(made, null, cancellation).ConfigureAwait(false);
            WaitFor(Enter(made));
            return made.Id;
        }
        finally
        {
            _children.Release();
        }
    }

    public async Task<RecordingMark?> MarkAsync(string id, string label, string who, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return null;
        }
        if (string.IsNullOrWhiteSpace(label) || label.Length > RecordingMark.MaximumLabel || label.Any(char.IsControl))
        {
            throw new ArgumentException($"A label has 1 to {RecordingMark.MaximumLabel} characters, and no control characters.");
        }
        var now = Now();
        RecordingMark mark;
        await entry.Writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (entry.Now.HasEnded)
            {
                throw new ArgumentException("The recording has ended: a mark is for a moment of one that runs.");
            }
            if (entry.Now.Marks.Length >= RecordingMark.Maximum)
            {
                throw new ArgumentException($"The recording has {RecordingMark.Maximum} marks, as many as there may be.");
            }
            mark = new RecordingMark(entry.Clock.Of(now), label.Trim(), SnapshotLimits.Cut(who, SnapshotLimits.Who));
            await store.AddMarkAsync(id, mark, cancellation).ConfigureAwait(false);
            Put(entry, entry.Now with { Marks = entry.Now.Marks.Add(mark) });
        }
        finally
        {
            entry.Writing.Release();
        }
        return mark;
    }

    public async Task<Recording?> ChangeAsync(string id, RecordingChange change, CancellationToken cancellation)
    {
        if (change.Problem is { } problem)
        {
            throw new ArgumentException(problem);
        }
        return _entries.TryGetValue(id, out var entry)
            ? await ChangeAsync(
                entry, now => now with { Name = change.Name ?? now.Name, Note = change.Note ?? now.Note, Pinned = change.Pinned ?? now.Pinned }, cancellation).ConfigureAwait(false)
            : null;
    }

    public async Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation)
    {
        await _children.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Find(id) is not { } recording)
            {
                return false;
            }
            if (!recording.HasEnded)
            {
                throw new InvalidOperationException("The recording runs: stop it first.");
            }
            var children = this.ChildrenOf(id);
            if (children.Any(child => !child.HasEnded))
            {
                throw new InvalidOperationException("A process that it started is still recorded: stop it once more first.");
            }
            await DeleteChildrenAsync(children, who, "", cancellation).ConfigureAwait(false);
            return await DeleteAsync(id, who, "", static now => now.HasEnded, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _children.Release();
        }
    }

    /// <summary>Deletes one that is over the limits of what is kept with those that came with it, unless it was pinned since, or goes on.</summary>
    /// <param name="id">Which.</param>
    /// <param name="who">What is written into the audit as the one who did it.</param>
    /// <param name="why">The limit, in a word.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it went.</returns>
    /// <exception cref="StoreException">The database refused.</exception>
    internal async Task<bool> LetGoAsync(string id, string who, string why, CancellationToken cancellation)
    {
        await _children.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var children = this.ChildrenOf(id);
            if (Find(id) is not { HasEnded: true, Pinned: false } || children.Any(child => !child.HasEnded))
            {
                return false;
            }
            why = $", over the limits: {why}";
            await DeleteChildrenAsync(children, who, why, cancellation).ConfigureAwait(false);
            return await DeleteAsync(id, who, why, static now => now is { HasEnded: true, Pinned: false }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _children.Release();
        }
    }

    // Before their parent: what breaks off is gone on with from there. Pinned ones stay.
    private async Task DeleteChildrenAsync(ImmutableArray<Recording> children, string who, string why, CancellationToken cancellation)
    {
        foreach (var child in children)
        {
            await DeleteAsync(child.Id, who, why, static now => now is { HasEnded: true, Pinned: false }, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeleteAsync(string id, string who, string why, Predicate<Recording> goes, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return false;
        }
        await entry.Writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_entries.ContainsKey(id) || !goes(entry.Now))
            {
                return false;
            }
            await store.DeleteAsync(entry.Now, who, What(entry.Now) + why, cancellation).ConfigureAwait(false);
            ImmutableInterlocked.TryRemove(ref _entries, id, out _);
        }
        finally
        {
            entry.Writing.Release();
        }
        loaded.Forget(id);
        ended.Forget(id);
        entry.Views.WakeAll();
        _views.WakeAll();
        return true;
    }

    public async Task<T?> ReadAsync<T>(string id, Func<RecordingState, T> read, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return default;
        }
        var recording = await loaded.GetAsync(id, entry.Now.Intervals, cancellation).ConfigureAwait(false);
        return read(recording.View());
    }

    public async Task<T?> ReadSpanAsync<T>(
        string id, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry))
        {
            return default;
        }
        var recording = await loaded.GetAsync(id, entry.Now.Intervals, cancellation).ConfigureAwait(false);
        return await spans.ReadAsync(id, recording, span, read, cancellation).ConfigureAwait(false);
    }

    public IAsyncEnumerable<RecordingInterval> ReadIntervalsAsync(string id, CancellationToken cancellation) => store.ReadAsync(id, 0, Find(id)?.Intervals ?? 0, cancellation);

    public async Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation)
    {
        if (Find(id) is { Phase: RecordingPhase.Running } recording)
        {
            var session = sessions.Find(recording.HostId) ?? throw Offline(recording.HostName);
            try
            {
                return new FoundInRecording(await session.FindBlocksAsync(id, question, cancellation).ConfigureAwait(false), true, 0, 0);
            }
            catch (AgentRequestException ex) when (ex.Failure == AgentFailure.Gone && Find(id) is { HasEnded: true })
            {
                // It ended while it was asked.
            }
        }
        var kept = await ended.GetAsync(id, cancellation).ConfigureAwait(false)
            ?? throw new AgentRequestException(AgentFailure.Gone,
                Find(id) is { HasEnded: false } ? "The recording has not begun yet." : "What was live when the recording ended is not kept: its agent could not hand it over. The call tree stays.");
        return new FoundInRecording(await Task.Run(() => kept.Find(question), cancellation).ConfigureAwait(false), false, kept.LeftOutBlocks, kept.LeftOutBytes);
    }

    public async Task<SourceLines?> ReadSourceAsync(string id, string file, int line, string who, CancellationToken cancellation)
    {
        if (Find(id) is not { } recording)
        {
            return null;
        }
        var session = sessions.Find(recording.HostId) ?? throw Offline(recording.HostName);
        if (hosts.Find(recording.HostId) is not { PermitsSource: true })
        {
            throw new AgentRequestException(AgentFailure.Denied, HostMessages.SourceNotPermitted(recording.HostName));
        }
        await audit.WriteAsync(who, AuditActions.SourceRead, id, SnapshotLimits.Cut($"{file}:{line} on {recording.HostId}", MaximumText), cancellation).ConfigureAwait(false);
        return await session.ReadSourceAsync(id, file, line, cancellation).ConfigureAwait(false);
    }

    public async Task<RecordingFeed?> OpenAsync(string id, Predicate<string> speaksFor, CancellationToken cancellation)
    {
        if (!_entries.TryGetValue(id, out var entry) || entry.Now.HasEnded || !speaksFor(entry.Now.HostId))
        {
            return null;
        }
        await entry.Writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (entry.Now.HasEnded)
            {
                return null;
            }
            var recording = await loaded.GetAsync(id, entry.Now.Intervals, cancellation).ConfigureAwait(false);
            recording.FeedBegins();
            entry.Feed?.Replace();
            entry.Patience?.Dispose();
            entry.Patience = null;
            return entry.Feed = new RecordingFeed(this, entry, recording);
        }
        finally
        {
            entry.Writing.Release();
        }
    }

    /// <summary>An interval has come: it is checked, stored, and then known to all.</summary>
    internal async Task AddAsync(
        RecordingEntry entry, RecordingFeed feed, LoadedRecording recording, RecordingInterval interval, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        var came = Now();
        await entry.Writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (entry.Feed != feed || entry.Now.HasEnded)
            {
                throw new OperationCanceledException("A newer stream has taken over, or the recording has ended.");
            }
            recording.Apply(interval);
            entry.Clock.Take(interval.EndedAt, came);
            var (total, mapped, before) = recording.Read(state => (state.Total, state.Virtual, FromBefore.Of(state)));
            var now = entry.Now with
            {
                Intervals = interval.Index + 1,
                StoredBytes = entry.Now.StoredBytes + data.Length,
                Total = total,
                Virtual = mapped,
                Health = interval.Health,
                Before = before,
                Events = interval.Health.Events,
                DroppedEvents = interval.Health.DroppedEvents,
            };
            try
            {
                // Not with the stream's token: an interval that memory has is stored, or memory is given up.
                await store.AppendAsync(now, interval.Index, [data], CancellationToken.None).ConfigureAwait(false);
            }
            catch
            {
                loaded.Forget(now.Id);
                throw;
            }
            Put(entry, now);
            if (now.Intervals - entry.Merged >= RecordingStore.SegmentIntervals)
            {
                await MergeAsync(entry).ConfigureAwait(false);
            }
            if (now.Intervals % RecordingStore.KeyIntervals == 0)
            {
                await KeyAsync(now.Id, recording).ConfigureAwait(false);
            }
        }
        finally
        {
            entry.Writing.Release();
        }
    }

    /// <summary>What is live at the end has come.</summary>
    internal async Task AddBlocksAsync(RecordingEntry entry, RecordingFeed feed, LoadedRecording recording, byte[] data)
    {
        var blocks = KeptBlocksCodec.Decode(data);
        var sites = recording.Read(state => state.Sites.Count);
        if (blocks.Blocks.Any(block => block.Site >= sites))
        {
            // A recording that broke off may know of blocks whose stacks it could not tell any more.
            data = KeptBlocksCodec.Encode(blocks.Without(block => block.Site >= sites));
        }
        await entry.Writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (entry.Feed == feed && !entry.Now.HasEnded)
            {
                var now = entry.Now with { KeepsBlocks = true, StoredBytes = entry.Now.StoredBytes + (entry.Now.KeepsBlocks ? 0 : data.Length) };
                await store.AddBlocksAsync(now, data, CancellationToken.None).ConfigureAwait(false);
                Put(entry, now);
            }
        }
        finally
        {
            entry.Writing.Release();
        }
    }

    /// <summary>A recording has ended, for this reason or, when it is empty, in order.</summary>
    internal async Task EndAsync(RecordingEntry entry, string error)
    {
        await entry.Writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (entry.Now.HasEnded)
            {
                return;
            }
            var now = entry.Now with
            {
                Phase = error.Length == 0 ? RecordingPhase.Stopped : RecordingPhase.Failed,
                Error = SnapshotLimits.Cut(error, MaximumText),
                StoppedAt = Now(),
            };
            await store.ChangeAsync(now, CancellationToken.None).ConfigureAwait(false);
            Put(entry, now);
            Log.Ended(logger, now.Id, now.Phase, now.Error);
            await MergeAsync(entry).ConfigureAwait(false);
            if (loaded.Find(now.Id) is { } recording)
            {
                await KeyAsync(now.Id, recording).ConfigureAwait(false);
            }
            entry.Ended.TrySetResult();
        }
        finally
        {
            entry.Writing.Release();
        }
    }

    /// <summary>A stream is over.</summary>
    internal async Task ClosedAsync(RecordingEntry entry, RecordingFeed feed, bool ended)
    {
        await entry.Writing.WaitAsync().ConfigureAwait(false);
        var wasCurrent = entry.Feed == feed;
        if (wasCurrent)
        {
            entry.Feed = null;
        }
        entry.Writing.Release();
        if (wasCurrent && !ended)
        {
            WaitFor(entry);
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Dispose();
        }
        _children.Dispose();
    }

    private void StopChildren(string id)
    {
        foreach (var child in this.ChildrenOf(id).Where(child => !child.HasEnded))
        {
            sessions.Find(child.HostId)?.StopRecording(child.Id, endProgram: false);
        }
    }

    private RecordingEntry Enter(Recording recording)
    {
        var entry = new RecordingEntry(recording, new WakeupList(time, logger));
        ImmutableInterlocked.TryAdd(ref _entries, recording.Id, entry);
        _views.WakeAll();
        return entry;
    }

    private async Task<Recording> ChangeAsync(RecordingEntry entry, Func<Recording, Recording> change, CancellationToken cancellation)
    {
        await entry.Writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var now = change(entry.Now);
            await store.ChangeAsync(now, cancellation).ConfigureAwait(false);
            Put(entry, now);
            return now;
        }
        finally
        {
            entry.Writing.Release();
        }
    }

    private static string ProgramOf(NewRecording recording) => recording.Command.IsEmpty ? "" : NameOf(recording.Command[0]);

    private static string NameOf(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    private static Recording Begun(Recording recording, RecordedProcess process) => recording with
    {
        Phase = RecordingPhase.Running,
        Pid = process.Key.Pid,
        StartStamp = process.Key.StartStamp,
        Program = recording.Launched ? recording.Program : SnapshotLimits.Cut(process.Program, MaximumProgram),
        CommandLine = recording.Launched ? recording.CommandLine : SnapshotLimits.Cut(process.CommandLine, MaximumText),
    };

    private void Put(RecordingEntry entry, Recording now)
    {
        entry.Now = now;
        entry.Views.WakeAll();
        _views.WakeAll();
    }

    // What could not be merged is merged the next time; nothing is lost by it.
    private async Task MergeAsync(RecordingEntry entry)
    {
        try
        {
            await store.MergeAsync(entry.Now.Id, entry.Merged, CancellationToken.None).ConfigureAwait(false);
            entry.Merged = entry.Now.Intervals;
        }
        catch (StoreException ex)
        {
            Log.NotMerged(logger, entry.Now.Id, ex.Message);
        }
    }

    // Without a key frame the next reader has more to read, and the next key frame more to tell: nothing is lost by it.
    private async Task KeyAsync(string id, LoadedRecording recording)
    {
        try
        {
            if (recording.Read(state => state.Intervals > state.KeyedIntervals ? RecordingKeyFrame.Of(state) : null) is { } key)
            {
                await store.AddKeyAsync(id, key, CancellationToken.None).ConfigureAwait(false);
                recording.Read(state =>
                {
                    key.Stored(state);
                    return true;
                });
            }
        }
        catch (Exception ex) when (ex is StoreException or ArgumentException)
        {
            Log.NotKeyed(logger, id, ex.Message);
        }
    }

    /// <summary>Ends a recording that runs and of which no stream comes in time.</summary>
    private void WaitFor(RecordingEntry entry)
    {
        lock (_lock)
        {
            if (entry.Now.HasEnded || entry.Feed is not null)
            {
                return;
            }
            entry.Patience?.Dispose();
            entry.Patience = time.CreateTimer(_ => _ = GiveUpAsync(entry), null, Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task GiveUpAsync(RecordingEntry entry)
    {
        try
        {
            if (entry.Feed is null)
            {
                await EndAsync(entry, $"The agent of {entry.Now.HostName} went away and did not come back within {Patience.TotalSeconds:0} seconds; what it had sent is kept.")
                    .ConfigureAwait(false);
            }
        }
        catch (Exception ex) when (ex is StoreException or ObjectDisposedException)
        {
            // With a database that refuses it stays as it is, and is looked at again when the hub starts.
            Log.NotEnded(logger, entry.Now.Id, ex.Message);
        }
    }

    // To the millisecond, as it is stored.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private static AgentRequestException Offline(string host) =>
        new(AgentFailure.Disconnected, $"The agent of {host} is not connected: start it there, and try again.");

    private static string What(Recording recording) =>
        $"{recording.Subject} on {recording.HostId}, begun {recording.StartedAt.UtcDateTime:O}";

    private static partial class Log
    {
        [LoggerMessage(EventId = 70, EventName = "RecordingStarted", Level = LogLevel.Information, Message = "{Who} starts recording {Id}: {What}.")]
        public static partial void Started(ILogger logger, string who, string id, string what);

        [LoggerMessage(EventId = 71, EventName = "RecordingEnded", Level = LogLevel.Information, Message = "Recording {Id} is {Phase}. {Reason}")]
        public static partial void Ended(ILogger logger, string id, RecordingPhase phase, string reason);

        [LoggerMessage(EventId = 72, EventName = "RecordingNotMerged", Level = LogLevel.Warning, Message = "The segments of recording {Id} could not be merged: {Reason}")]
        public static partial void NotMerged(ILogger logger, string id, string reason);

        [LoggerMessage(EventId = 74, EventName = "RecordingNotKeyed", Level = LogLevel.Warning, Message = "A key frame of recording {Id} could not be written: {Reason}")]
        public static partial void NotKeyed(ILogger logger, string id, string reason);

        [LoggerMessage(EventId = 73, EventName = "RecordingNotEnded", Level = LogLevel.Warning, Message = "The end of recording {Id} could not be written down: {Reason}")]
        public static partial void NotEnded(ILogger logger, string id, string reason);
    }
}
