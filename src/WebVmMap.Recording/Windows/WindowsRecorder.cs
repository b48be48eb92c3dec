using WebVmMap.Recording.Windows.Children;

namespace WebVmMap.Recording.Windows;

/// <summary>
/// Records on Windows: the tracer is loaded into a program that was started suspended, or into one that runs, and functions of ntdll are
/// led to it. Thread-safe.
/// </summary>
public sealed class WindowsRecorder
{
    /// <summary>File name of the tracer, which lies beside the agent.</summary>
    public const string TracerName = "webvmmap-tracer.dll";

    private readonly string _tracer;
    private readonly RecorderOptions _options;
    private readonly Func<string, string> _pathOf;

    /// <summary>Makes one.</summary>
    /// <param name="pathOf">The path that people know a file by, of the kernel's.</param>
    /// <param name="options">How to record; null for the usual.</param>
    /// <param name="tracer">Path of the tracer; null for the one beside this program.</param>
    public WindowsRecorder(Func<string, string> pathOf, RecorderOptions? options = null, string? tracer = null)
    {
        _pathOf = pathOf;
        _options = options ?? new RecorderOptions();
        _tracer = tracer ?? Path.Combine(AppContext.BaseDirectory, TracerName);
    }

    /// <summary>Starts a program under recording.</summary>
    /// <exception cref="RecordingException">It cannot be started or recorded, or the tracer is not there.</exception>
    public IRecording Launch(LaunchRequest request)
    {
        if (request.Command.IsDefaultOrEmpty || request.Command[0].Length == 0)
        {
            throw new RecordingException("No command was given: name a program to start.");
        }
        DemandTracer();
        using var start = SuspendedStart.Create(request);
        var children = request.FollowChildren
            ? new FollowedProcesses(_options, (process, isHeld) => Begin(process, RecordedBecause.Followed, isHeld, follows: true, null))
            : null;
        var recording = Begin(start.Process, RecordedBecause.Launched, () => true, request.FollowChildren, children);
        if (recording.Requests is { } requests)
        {
            children?.Begin(recording.Pid, requests);
        }
        start.Run();
        return recording;
    }

    /// <summary>Records a process that runs, from now on.</summary>
    /// <exception cref="RecordingException">There is none, it may not be recorded, it is recorded already, or the tracer is not there.</exception>
    public IRecording Attach(AttachRequest request)
    {
        DemandTracer();
        if (request.Process.Pid == Environment.ProcessId)
        {
            throw new RecordingException("The agent cannot record itself.");
        }
        var process = TargetProcess.Open(request.Process);
        try
        {
            return Begin(process, RecordedBecause.AttachedTo, () => false, follows: false, null);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private void DemandTracer()
    {
        if (!File.Exists(_tracer))
        {
            throw new RecordingException($"The tracer is not there: {_tracer} is missing. Install the agent with all its files.");
        }
    }

    private WindowsRecording Begin(TargetProcess process, RecordedBecause because, Func<bool> isFromStart, bool follows, FollowedProcesses? children)
    {
        var tracer = ImageExports.Read(process, process.Load(_tracer));
        var ntdll = process.Module("ntdll.dll");
        if (ntdll == 0)
        {
            throw new RecordingException($"The process {process.Pid} cannot be recorded: it has no ntdll.");
        }
        var patches = FunctionPatches.Prepare(process, ntdll, tracer);
        var memory = WindowsRingMemory.Create(_options);
        RequestTable? requests = null;
        try
        {
            requests = follows ? new RequestTable(memory) : null;
            var answer = process.Call(tracer["tracer_record"], memory.GiveTo(process), "starting the tracer");
            if (answer != 1)
            {
                throw new RecordingException($"The process {process.Pid} cannot be recorded: {Refusal(answer)}.");
            }
            patches.Apply(isFromStart);
            return new WindowsRecording(process, memory, patches, _options, _pathOf, because, isFromStart(), requests, children);
        }
        catch
        {
            requests?.Dispose();
            memory.Stop();
            memory.Dispose();
            throw;
        }
    }

    // What src/native/tracer/windows_state.c answers.
    private static string Refusal(uint answer) => answer switch
    {
        2 => "all its slots for values of threads (TlsAlloc) are taken",
        3 => "it has no room for the memory that is shared with it",
        4 => "the tracer that it has loaded is of another version of the agent. Start the process anew",
        5 => "another agent records it",
        _ => $"its tracer ended with 0x{answer:x}",
    };
}
