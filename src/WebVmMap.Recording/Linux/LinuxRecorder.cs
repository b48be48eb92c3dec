using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Linux.Attach;
using WebVmMap.Recording.Linux.Children;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Linux;

/// <summary>
/// Records on Linux: a program is started with the tracer preloaded (https://man7.org/linux/man-pages/man8/ld.so.8.html), and one that
/// runs is made to load it. Thread-safe.
/// </summary>
public sealed class LinuxRecorder
{
    /// <summary>File name of the tracer, which lies beside the agent.</summary>
    public const string TracerName = "libwebvmmap-tracer.so";

    /// <summary>Has .NET write what it calls the code that it compiles, to /tmp/perf-PID.map; set for what is launched.</summary>
    public const string PerfMapVariable = "DOTNET_PerfMapEnabled";

    // How long a point is waited for at which a process can take the tracer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    private readonly string _tracer;
    private readonly RecorderOptions _options;

    /// <summary>Makes one.</summary>
    /// <param name="options">How to record; null for the usual.</param>
    /// <param name="tracer">Path of the tracer; null for the one beside this program.</param>
    public LinuxRecorder(RecorderOptions? options = null, string? tracer = null)
    {
        _options = options ?? new RecorderOptions();
        _tracer = tracer ?? Path.Combine(AppContext.BaseDirectory, TracerName);
    }

    /// <summary>Starts a program under recording.</summary>
    /// <exception cref="RecordingException">It cannot be started, or the tracer is not there.</exception>
    public IRecording Launch(LaunchRequest request)
    {
        if (request.Command.IsDefaultOrEmpty || request.Command[0].Length == 0)
        {
            throw new RecordingException("No command was given: name a program to start.");
        }
        CheckTracer();
        if (_tracer.AsSpan().ContainsAny(' ', ':'))
        {
            throw new RecordingException($"The loader cannot preload {_tracer}: install the agent in a folder whose path has no blank and no colon.");
        }
        if (request.WorkingDirectory.Length > 0 && !Directory.Exists(request.WorkingDirectory))
        {
            throw new RecordingException($"There is no directory {request.WorkingDirectory} to start in.");
        }
        // What it starts itself may be recorded all the same.
        if (!request.FollowChildren && ProgramFile.Objection(request.Command[0]) is { } objection)
        {
            throw new RecordingException(objection);
        }
        var environment = EnvironmentOf(request);
        var memory = LinuxRingMemory.Create(_options);
        FollowedProcesses? children = null;
        try
        {
            if (request.FollowChildren)
            {
                children = new FollowedProcesses(memory, _options);
                // Theirs is the last hold on it.
                memory.GivesBack = true;
            }
            environment["WEBVMMAP_RING"] = children?.Path ?? memory.Path;
            // For programs that end before they can be asked; others pass it over.
            // https://learn.microsoft.com/dotnet/core/runtime-config/debugging-profiling
            environment.TryAdd(PerfMapVariable, "3");
            environment["LD_PRELOAD"] = environment.GetValueOrDefault("LD_PRELOAD") is { Length: > 0 } others ? $"{_tracer}:{others}" : _tracer;
            return new LaunchedRecording(LaunchedProcess.Start(request, environment), memory, _options.Interval, request, children);
        }
        catch
        {
            children?.Abandon();
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Puts the tracer into a process that runs. When the recording ends the process goes on without it.</summary>
    /// <exception cref="RecordingException">The process cannot be recorded, or the tracer is not there.</exception>
    public IRecording Attach(AttachRequest request)
    {
        CheckTracer();
        return AttachedRecording.Begin(request, _options with { MaxFrames = Math.Clamp(_options.MaxFrames, 1, RingLayout.MaxFrames) }, _tracer, s_patience);
    }

    private void CheckTracer()
    {
        if (!File.Exists(_tracer))
        {
            throw new RecordingException($"The tracer is not there: {_tracer} is missing. Install the agent with all its files.");
        }
    }

    private static Dictionary<string, string?> EnvironmentOf(LaunchRequest request)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value;
        }
        foreach (var (name, value) in request.Environment)
        {
            environment[name] = value.Length == 0 ? null : value;
        }
        return environment;
    }

    private sealed class LaunchedRecording : IRecording
    {
        private readonly LaunchedProcess _process;
        private readonly LinuxRingMemory _memory;
        private readonly DrainThread _drain;
        private readonly FollowedProcesses? _children;
        private readonly string _program;
        private bool _any;

        public LaunchedRecording(LaunchedProcess process, LinuxRingMemory memory, TimeSpan interval, LaunchRequest request, FollowedProcesses? children)
        {
            _children = children;
            _process = process;
            _memory = memory;
            _program = request.Command[0];
            Pid = _process.Pid;
            _drain = new DrainThread(memory, interval, () => _process.HasExited);
            children?.Begin(Pid);
        }

        public int Pid { get; }

        public async IAsyncEnumerable<RecordingInterval> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var interval in _drain.ReadAsync(cancellation).ConfigureAwait(false))
            {
                _any |= interval.Health.Events > 0;
                yield return interval;
            }
            if (!_any && _memory.Pid == 0)
            {
                throw new RecordingException(
                    $"{_program} ended without loading the tracer, so nothing was recorded. It may be linked statically, for another architecture or another libc, or run with rights of its own (setuid).");
            }
        }

        public IAsyncEnumerable<IChildRecording> ReadChildrenAsync(CancellationToken cancellation) =>
            _children?.ReadAsync(cancellation) ?? AsyncEnumerable.Empty<IChildRecording>();

        public Task StopAsync()
        {
            _children?.Stop();
            return _drain.StopAsync();
        }

        public Task EndProgramAsync(TimeSpan patience) => Task.Run(() => _process.End(patience));

        public FoundBlocks FindBlocks(BlockQuestion question) => _drain.Find(question);

        public async ValueTask DisposeAsync()
        {
            if (_children is not null)
            {
                await _children.LeaveAsync(_process.HasExited).ConfigureAwait(false);
            }
            await Task.Run(_drain.Dispose).ConfigureAwait(false);
        }
    }
}
