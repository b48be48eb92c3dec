using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Recordings;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;
using WebVmMap.Recording;
using WebVmMap.Symbols;

namespace WebVmMap.Agent.Uplink;

/// <summary>
/// What the hub wants of recordings on one connection, where this agent permits it. The recordings themselves outlast it. Thread-safe.
/// </summary>
internal sealed partial class RecordingJobs(AgentContext context, HubConnection connection, ControlOutbox outbox)
{
    // Beside the streams of recordings also those that start and those that answer questions.
    private readonly JobSet _jobs = new(context.Options.Limits.Recordings * 4);

    // Those that the recorder bounds: of each recording that follows its children it gives so many times more than may run at once.
    private readonly JobSet _uploads = new((context.Options.Limits.Recordings * ((context.Options.Limits.Children * 4) + 1)) + 1);

    // A hub that could not name a child, for its database refused, may be able to later.
    private static readonly TimeSpan s_tellAgain = TimeSpan.FromSeconds(30);

    /// <summary>Goes on with the recordings of an earlier connection.</summary>
    public void Resume(CancellationToken cancellation)
    {
        foreach (var recording in context.Recordings.All)
        {
            _uploads.TryStart(() => UploadAsync(recording, cancellation));
        }
        _uploads.TryStart(() => TellChildrenAsync(cancellation));
    }

    /// <summary>Begins one, or says why not.</summary>
    public async ValueTask StartAsync(StartRecording request, CancellationToken cancellation)
    {
        if (!context.Options.Permissions.Recording)
        {
            Log.NotPermitted(context.Logger);
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Denied,
                $"The agent does not permit recordings: start it with {HubOptions.RecordingOption}.", cancellation);
        }
        else if (request.Command.Count == 0 == request.Process is null)
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Failed, "A recording is of a process that runs or of a command, one of the two.", cancellation);
        }
        else if (context.Recordings.Count >= context.Options.Limits.Recordings || !_jobs.TryStart(() => RunAsync(request, cancellation)))
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy,
                $"The agent records {context.Options.Limits.Recordings} programs already, the most it permits itself at once: stop one first.", cancellation);
        }
    }

    /// <summary>Ends one, and if asked the program that was launched for it. One that has ended meanwhile is not an error.</summary>
    public void Stop(StopRecording request) => context.Recordings.Find(request.RecordingId)?.Stop(request.EndProgram);

    /// <summary>The hub has named a child, or refuses it: then it goes on without being recorded. One that is named already is not an error.</summary>
    public async ValueTask NameChildAsync(ChildNamed named, CancellationToken cancellation)
    {
        if (context.Recordings.TakeUnnamed(named.ParentId, new ProcessKey(named.Pid, named.StartStamp)) is not { } child)
        {
            return;
        }
        child.Recording.Name(named.RecordingId);
        if (named.RecordingId.Length == 0 || !context.Recordings.TryAdd(child.Recording))
        {
            Log.ChildRefused(context.Logger, named.Pid, named.ParentId, named.Refusal);
            await child.Recording.DisposeAsync();
            return;
        }
        Log.Started(context.Logger, named.Pid, named.RecordingId);
        _uploads.TryStart(() => UploadAsync(child.Recording, cancellation));
    }

    /// <summary>Answers which blocks are live, or says why not.</summary>
    public async ValueTask FindAsync(FindBlocks request, CancellationToken cancellation)
    {
        if (context.Recordings.Find(request.RecordingId) is not { } recording)
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Gone, "This agent does not know the recording: it has ended.", cancellation);
        }
        else if (!_jobs.TryStart(() => AnswerAsync(recording, request, cancellation)))
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy, "The agent answers as many questions as it permits itself at once: try again.", cancellation);
        }
    }

    /// <summary>Answers lines of a source file, or says why not.</summary>
    public async ValueTask ReadSourceAsync(ReadSource request, CancellationToken cancellation)
    {
        if (!context.Options.Permissions.Source)
        {
            Log.SourceNotPermitted(context.Logger);
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Denied, $"The agent does not permit source text: start it with {HubOptions.SourceOption}.", cancellation);
        }
        else if (context.Recordings.FindSources(request.RecordingId) is not { } sources)
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Gone,
                "The agent no longer knows which files this recording names: it was restarted since, or has recorded much since. Record the program again.", cancellation);
        }
        else if (!_jobs.TryStart(() => AnswerAsync(sources, request, cancellation)))
        {
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy, "The agent answers as many questions as it permits itself at once: try again.", cancellation);
        }
    }

    /// <summary>Returns when what belongs to the connection has ended.</summary>
    public Task WhenEnded() => Task.WhenAll(_jobs.WhenEnded(), _uploads.WhenEnded());

    private RecorderOptions OptionsOf(StartRecording request) => new()
    {
        ChildrenAtOnce = context.Options.Limits.Children,
        SampleBytes = request.Mode != RecordingMode.Sampled ? 0 : request.SampleBytes == 0 ? RecordingLimits.UsualSampleBytes : request.SampleBytes,
    };

    // The edge of a job: whatever goes wrong is logged, told to the hub, and harms nothing else.
    private async Task RunAsync(StartRecording request, CancellationToken cancellation)
    {
        ActiveRecording active;
        try
        {
            if (request.Process is { } process && Unseen(process) is { } failure)
            {
                await outbox.SendFailureAsync(request.RequestId, failure.Outcome.ToWire(), failure.Message, cancellation);
                return;
            }
            // The words of what is launched came from the hub; of what runs already it knows the id alone.
            var known = request.Process is { } wanted ? context.Probe.ListProcesses().FirstOrDefault(listed => listed.Key.Pid == wanted.Pid) : null;
            var recording = request.Process is { } running
                ? await context.Recorders.AttachAsync(new AttachRequest(new ProcessKey(running.Pid, running.StartStamp)), OptionsOf(request), cancellation)
                : await context.Recorders.LaunchAsync(Launch(request), OptionsOf(request), cancellation);
            active = new ActiveRecording(request.RecordingId, recording, context.Logger, keepsSources: context.Options.Permissions.Source);
            if (!context.Recordings.TryAdd(active))
            {
                await active.DisposeAsync();
                throw new RecordingException($"The hub began the recording '{request.RecordingId}' twice.");
            }
            _ = context.Recordings.FollowAsync(active.Id, recording, context.Logger, context.Options.Permissions.Source);
            Log.Started(context.Logger, active.Pid, active.Id);
            await outbox.SendAsync(new AgentMessage { RecordingStarted = Started(request, active, known) }, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ends; a recording that has begun is gone on with on the next one.
            return;
        }
        catch (Exception exception)
        {
            if (exception is not RecordingException)
            {
                Log.NotStarted(context.Logger, exception);
            }
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = FailureCode.Failed, Message = exception.Message },
            });
            return;
        }
        await UploadAsync(active, cancellation);
    }

    private RecordingStarted Started(StartRecording request, ActiveRecording active, ProcessInfo? known)
    {
        var started = new RecordingStarted { RequestId = request.RequestId, RecordingId = active.Id, Pid = active.Pid, StartStamp = StampOf(active.Pid) };
        started.Process = known?.Key == new ProcessKey(started.Pid, started.StartStamp) ? known.ToWire() : null;
        return started;
    }

    // With its id it tells the process from a later one of that id; 0 when it has ended already.
    private long StampOf(int pid)
    {
        if (!context.Probe.Open(pid, null).TryGet(out var probe))
        {
            return 0;
        }
        using (probe)
        {
            return probe.Key.StartStamp;
        }
    }

    /// <summary>Has the hub name the children that come, and those that it has not named on an earlier connection.</summary>
    private async Task TellChildrenAsync(CancellationToken cancellation)
    {
        var told = new HashSet<ActiveChild>();
        try
        {
            while (true)
            {
                var changed = context.Recordings.ChildrenChanged;
                var unnamed = context.Recordings.Unnamed;
                told.IntersectWith(unnamed);
                foreach (var child in unnamed.Where(told.Add))
                {
                    var (pid, stamp) = child.Child.Process;
                    await outbox.SendAsync(
                        new AgentMessage
                        {
                            RecordingChild = new RecordingChild { ParentId = child.ParentId, Pid = pid, StartStamp = stamp, ParentPid = child.Child.ParentPid, Program = child.Child.Program },
                        },
                        cancellation);
                }
                if (await Task.WhenAny(changed, Task.Delay(s_tellAgain, context.Time, cancellation)) != changed)
                {
                    cancellation.ThrowIfCancellationRequested();
                    told.Clear();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ends: the next one tells them.
        }
    }

    /// <summary>Sends what is recorded until the hub has all of it, again and again while the connection lives.</summary>
    private async Task UploadAsync(ActiveRecording recording, CancellationToken cancellation)
    {
        try
        {
            while (!await new RecordingUpload(context, connection, recording).RunAsync(cancellation))
            {
                await Task.Delay(RecordingUpload.Pause, context.Time, cancellation);
            }
            await context.Recordings.RemoveAsync(recording);
            Log.Ended(context.Logger, recording.Pid, recording.Id);
        }
        catch (OperationCanceledException)
        {
            // The connection ends: the next one goes on.
        }
        catch (Exception exception)
        {
            Log.UploadFailed(context.Logger, recording.Id, exception);
            await context.Recordings.RemoveAsync(recording);
        }
    }

    private async Task AnswerAsync(ActiveRecording recording, FindBlocks request, CancellationToken cancellation)
    {
        try
        {
            await outbox.SendAsync(new AgentMessage { BlocksFound = BlockMessages.Answer(request, recording.FindBlocks(BlockMessages.Question(request))) }, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ends.
        }
        catch (Exception exception)
        {
            Log.NotFound(context.Logger, recording.Id, exception);
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = FailureCode.Failed, Message = $"The agent failed to find live blocks: {exception.Message}" },
            });
        }
    }

    private async Task AnswerAsync(RecordedSources sources, ReadSource request, CancellationToken cancellation)
    {
        try
        {
            if (sources.ModuleOf(request.File) is not { } module)
            {
                await outbox.SendFailureAsync(
                    request.RequestId, FailureCode.Denied, $"Nothing that the agent read for this recording names a file {request.File}: it reads no other.", cancellation);
                return;
            }
            var told = new SourceRead { RequestId = request.RequestId };
            var text = SourceText.Read(request.File, (int)Math.Clamp(request.Line, 1, int.MaxValue), module);
            told.FirstLine = (uint)text.FirstLine;
            told.Lines.AddRange(text.Lines);
            told.TotalLines = (uint)text.TotalLines;
            told.NewerThan = text.IsNewer ? module : "";
            Log.SourceRead(context.Logger, request.File, request.RecordingId);
            await outbox.SendAsync(new AgentMessage { SourceRead = told }, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ends.
        }
        catch (Exception exception)
        {
            var refused = exception as SourceException;
            if (refused is null)
            {
                Log.SourceNotRead(context.Logger, request.File, exception);
            }
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed
                {
                    RequestId = request.RequestId,
                    Code = refused?.Failure switch { SourceFailure.NotFound => FailureCode.NotFound, SourceFailure.Refused => FailureCode.Denied, _ => FailureCode.Failed },
                    Message = refused?.Message ?? $"The agent failed to read the source text: {exception.Message}",
                },
            });
        }
    }

    // What the agent may not look at it does not record, and says the same of it.
    private ProbeFailure? Unseen(ProcessRef process)
    {
        var opened = context.Probe.Open(process.Pid, process.WantedStamp());
        if (!opened.TryGet(out var probe))
        {
            return opened.Failure;
        }
        probe.Dispose();
        return null;
    }

    private static LaunchRequest Launch(StartRecording request) => new()
    {
        Command = [.. request.Command],
        FollowChildren = request.FollowChildren,
        WorkingDirectory = request.WorkingDirectory,
        Environment = request.Environment.ToImmutableDictionary(),
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 72, EventName = "RecordingNotPermitted", Level = LogLevel.Warning, Message = "The hub asked for a recording, which is not permitted here.")]
        public static partial void NotPermitted(ILogger logger);

        [LoggerMessage(EventId = 73, EventName = "RecordingStarted", Level = LogLevel.Information, Message = "Records process {Pid} for the hub as {Id}.")]
        public static partial void Started(ILogger logger, int pid, string id);

        [LoggerMessage(EventId = 83, EventName = "ChildRefused", Level = LogLevel.Warning, Message = "The hub does not want process {Pid}, started under recording {Parent}, recorded: {Reason}")]
        public static partial void ChildRefused(ILogger logger, int pid, string parent, string reason);

        [LoggerMessage(EventId = 74, EventName = "RecordingNotStarted", Level = LogLevel.Error, Message = "A recording failed unexpectedly before it began.")]
        public static partial void NotStarted(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 75, EventName = "RecordingEnded", Level = LogLevel.Information, Message = "The recording {Id} of process {Pid} is over.")]
        public static partial void Ended(ILogger logger, int pid, string id);

        [LoggerMessage(EventId = 76, EventName = "RecordingUploadFailed", Level = LogLevel.Error, Message = "The recording {Id} could not be sent and is given up.")]
        public static partial void UploadFailed(ILogger logger, string id, Exception exception);

        [LoggerMessage(EventId = 79, EventName = "SourceRead", Level = LogLevel.Information, Message = "Sent lines of {File} to the hub, for the recording {Id}.")]
        public static partial void SourceRead(ILogger logger, string file, string id);

        [LoggerMessage(EventId = 80, EventName = "SourceNotPermitted", Level = LogLevel.Warning, Message = "The hub asked for source text, which is not permitted here.")]
        public static partial void SourceNotPermitted(ILogger logger);

        [LoggerMessage(EventId = 82, EventName = "SourceNotRead", Level = LogLevel.Error, Message = "Reading {File} failed unexpectedly.")]
        public static partial void SourceNotRead(ILogger logger, string file, Exception exception);

        [LoggerMessage(EventId = 77, EventName = "BlocksNotFound", Level = LogLevel.Error, Message = "Finding live blocks of {Id} failed unexpectedly.")]
        public static partial void NotFound(ILogger logger, string id, Exception exception);
    }
}
