using Microsoft.Extensions.Logging;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Recordings;

/// <summary>
/// One recording under way: takes its intervals as they end and keeps them until the hub has stored them. It keeps only so many; when the
/// hub is slow or away it takes no more, and the recorder makes its intervals longer: nothing is lost. Thread-safe.
/// </summary>
internal sealed partial class ActiveRecording : IAsyncDisposable
{
    /// <summary>So many intervals, a quarter of a minute of them, wait for the hub.</summary>
    public const int MaximumWaiting = 64;

    /// <summary>So many bytes of them wait; one that is larger waits alone.</summary>
    public const long MaximumWaitingBytes = 64 * 1024 * 1024;

    /// <summary>How long a program that is asked to end may take to do so by itself.</summary>
    public static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);

    private readonly IRecording _recording;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _waiting = [];
    private readonly TaskCompletionSource<bool> _recordsAnything = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private TaskCompletionSource _changed = NewSignal();
    private long _waitingBytes;
    private Task? _ending;
    private int _first;
    private bool _ended;
    private bool _disposed;

    /// <summary>Begins to take intervals.</summary>
    /// <param name="id">The hub's name for it; empty as long as it has none.</param>
    /// <param name="recording">What it is; disposed of with this.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    /// <param name="keepsSources">Whether the source files that it names are remembered, for somebody to ask for.</param>
    public ActiveRecording(string id, IRecording recording, ILogger logger, bool keepsSources = false)
    {
        Id = id;
        Sources = keepsSources ? new() : null;
        _recording = recording;
        _logger = logger;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The hub's name for it; empty as long as it has none.</summary>
    public string Id { get; private set; }

    /// <summary>Whether it is of a process that a recorded one started.</summary>
    public bool IsChild => _recording is IChildRecording;

    /// <summary>Whether there is anything in it, once that is known: at its end at the latest.</summary>
    public Task<bool> RecordsAnything => _recordsAnything.Task;

    /// <summary>The source files that it names so far; null where nobody may ask for them.</summary>
    public RecordedSources? Sources { get; }

    /// <summary>The process.</summary>
    public int Pid => _recording.Pid;

    /// <summary>Why it could not go on, one sentence; empty when it ended in order. Known once <see cref="NextAsync"/> has given null.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The hub has named it; once, and before it is sent.</summary>
    public void Name(string id) => Id = id;

    /// <summary>Ends it; what is left is still handed out. Returns at once.</summary>
    /// <param name="endProgram">Whether the program ends too, if it was launched for this: what was live before that is what is live at the end.</param>
    public void Stop(bool endProgram = false)
    {
        if (!endProgram)
        {
            _ = StopAsync();
            return;
        }
        lock (_lock)
        {
            _ending ??= _disposed ? null : EndProgramAsync();
        }
    }

    /// <summary>The live blocks that fit a question; after the end, those that were live then.</summary>
    public FoundBlocks FindBlocks(BlockQuestion question) => _recording.FindBlocks(question);

    /// <summary>The interval of this number as bytes, once there is one; null when the recording has ended before it.</summary>
    /// <exception cref="RecordingException">It is gone: the hub had said that it was stored.</exception>
    public async ValueTask<byte[]?> NextAsync(int index, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (index < _first)
                {
                    throw new RecordingException($"The hub wants interval {index} again, which it had stored: its database may have been put back to an earlier state.");
                }
                if (index < _first + _waiting.Count)
                {
                    return _waiting.ElementAt(index - _first);
                }
                if (_ended)
                {
                    return null;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>The hub has stored every interval before this one.</summary>
    public void Stored(int next)
    {
        lock (_lock)
        {
            while (_first < next && _waiting.TryDequeue(out var data))
            {
                _first++;
                _waitingBytes -= data.Length;
            }
            Signal();
        }
    }

    /// <summary>Ends it without the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
        }
        // First: the end of a program waits for what is read, and what is read for room that nobody makes any more.
        await _abandoned.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_ending ?? Task.CompletedTask);
        await _recording.DisposeAsync();
        _abandoned.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task StopAsync()
    {
        try
        {
            await _recording.StopAsync();
        }
        catch (Exception exception)
        {
            Log.NotStopped(_logger, Id, exception);
        }
    }

    private async Task EndProgramAsync()
    {
        await StopAsync();
        try
        {
            await _recording.EndProgramAsync(EndPatience);
        }
        catch (Exception exception)
        {
            Log.ProgramNotEnded(_logger, _recording.Pid, Id, exception);
        }
    }

    // The edge of a recording: whatever goes wrong ends it and nothing else, and the hub is told why.
    private async Task ReadAsync()
    {
        try
        {
            await foreach (var interval in _recording.ReadAsync(_abandoned.Token))
            {
                Sources?.Add(interval);
                if (interval.Health.Events > 0)
                {
                    _recordsAnything.TrySetResult(true);
                }
                await AddAsync(RecordingCodec.Encode(interval));
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        catch (RecordingException exception)
        {
            Error = exception.Message;
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, Id, exception);
            Error = $"The agent failed to record: {exception.Message} Its log says more.";
        }
        _recordsAnything.TrySetResult(false);
        Task? ending;
        lock (_lock)
        {
            ending = _ending;
        }
        // The hub hears that it ended when all that was asked for is done.
        await (ending ?? Task.CompletedTask);
        lock (_lock)
        {
            _ended = true;
            Signal();
        }
    }

    private async Task AddAsync(byte[] data)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_waiting.Count == 0 || (_waiting.Count < MaximumWaiting && _waitingBytes + data.Length <= MaximumWaitingBytes))
                {
                    _waiting.Enqueue(data);
                    _waitingBytes += data.Length;
                    Signal();
                    return;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(_abandoned.Token);
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 70, EventName = "RecordingFailed", Level = LogLevel.Error, Message = "Recording {Id} failed unexpectedly.")]
        public static partial void Failed(ILogger logger, string id, Exception exception);

        [LoggerMessage(EventId = 81, EventName = "ProgramNotEnded", Level = LogLevel.Error, Message = "Process {Pid}, launched for recording {Id}, could not be ended.")]
        public static partial void ProgramNotEnded(ILogger logger, int pid, string id, Exception exception);

        [LoggerMessage(EventId = 71, EventName = "RecordingNotStopped", Level = LogLevel.Error, Message = "Recording {Id} could not be stopped in order.")]
        public static partial void NotStopped(ILogger logger, string id, Exception exception);
    }
}
