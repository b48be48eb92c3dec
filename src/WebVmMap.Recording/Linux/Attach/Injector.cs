using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>
/// Puts the tracer into a process and has it begin and end: one thread at a safe point is stopped and made to call, the others run on. All of
/// one attach is done on one thread of this program, as ptrace wants it. Used by one caller at a time.
/// </summary>
internal sealed class Injector(TargetProcess target, string tracer, TimeSpan patience)
{
    /// <summary>What every name of a tracer's file has in it.</summary>
    public const string TracerMark = "webvmmap-tracer";

    // src/native/tracer/linux_attach.h
    private const long NoMemory = 1;
    private const long NoAllocator = 2;
    private const long Busy = 3;
    private const long Codes = 16;
    private const uint MfdCloexec = 1;

    // The file that is shared gets one of the last numbers that the process has room for: to make room among several threads the kernel
    // waits until each processor has been elsewhere, for ten milliseconds and more.
    private const int FilesLeft = 16;

    private ulong _attach;
    private ulong _detach;

    /// <summary>How long threads of the process were kept from running so far, together.</summary>
    public TimeSpan Stopped { get; private set; }

    /// <summary>Loads the tracer, unless it is there, and has it begin a recording.</summary>
    /// <param name="options">How to record.</param>
    /// <param name="takeOver">Also when an agent is recording already, which is gone.</param>
    /// <returns>The number of the open file that the process shares, and whether an agent records through it already, so that nothing was begun.</returns>
    /// <exception cref="RecordingException">It cannot be; the message says why, and the process goes on as it was.</exception>
    public (int File, bool IsBusy) Attach(RecorderOptions options, bool takeOver)
    {
        var loaded = _attach == 0 ? target.FindTracer() : null;
        if (loaded is not null)
        {
            Found(loaded);
        }
        // All that can be done while the process runs is done before.
        CompiledAhead.Wait();
        var code = _attach == 0 && !SeesTracer() ? File.ReadAllBytes(tracer) : null;
        var from = (ulong)Math.Max(ProcessStatus.TryRead($"/proc/{target.Key.Pid}")?.FileRoom - FilesLeft ?? FilesLeft, FilesLeft);
        var result = AtSafePoint(thread =>
        {
            thread.MakeStack();
            if (_attach == 0)
            {
                Load(thread, code);
            }
            return (long)thread.Call(_attach, (ulong)options.MaxWait.TotalMicroseconds, (ulong)options.MaxFrames, (ulong)options.SampleBytes, takeOver ? 1UL : 0, from);
        });
        return result >= 0 ? ((int)result, false) : (-result % Codes) switch
        {
            Busy => ((int)(-result / Codes), true),
            NoMemory => throw new RecordingException($"Process {target.Key.Pid} gets no memory to share with the agent: its limits of memory, of open files or of the size of files (ulimit -f) are too low."),
            NoAllocator => throw new RecordingException($"Process {target.Key.Pid} has no malloc and free that could be recorded."),
            _ => throw new RecordingException($"The tracer in process {target.Key.Pid} answered {result}, which this agent does not know."),
        };
    }

    /// <summary>Has the tracer give back what it took.</summary>
    /// <exception cref="RecordingException">It cannot be; the message says why. The tracer records nothing all the same.</exception>
    public void Detach() => AtSafePoint(thread =>
    {
        thread.MakeStack();
        return thread.Call(_detach);
    });

    private void Found(TargetLibrary library)
    {
        _attach = library.Find("webvmmap_attach");
        _detach = library.Find("webvmmap_detach");
    }

    // By its path where the process sees that; otherwise, or where it may not, from a copy in memory.
    private void Load(StoppedThread thread, byte[]? code)
    {
        var problem = "";
        var handle = code is null ? Open(thread, tracer, out problem) : 0;
        if (handle == 0 && target.Files is { Create: > 0, Close: > 0 } files)
        {
            var file = (int)thread.Call(files.Create, thread.Write(TracerMark), MfdCloexec);
            if (file < 0)
            {
                throw new RecordingException($"Process {target.Key.Pid} gets no memory for the tracer from the system.");
            }
            File.WriteAllBytes($"/proc/{target.Key.Pid}/fd/{file}", code ?? File.ReadAllBytes(tracer));
            handle = Open(thread, $"/proc/self/fd/{file}", out problem);
            thread.Call(files.Close, (ulong)file);
        }
        if (handle == 0)
        {
            throw new RecordingException($"Process {target.Key.Pid} could not load the tracer: {problem}.");
        }
        // What dlopen gives begins with where the library lies. https://man7.org/linux/man-pages/man3/dlinfo.3.html
        Found(TargetLibrary.Open(target.Memory, target.Memory.ReadWord(handle)) ?? throw new RecordingException($"The tracer cannot be found in process {target.Key.Pid}, which has just loaded it."));
    }

    private ulong Open(StoppedThread thread, string path, out string problem)
    {
        var handle = thread.Call(target.Open, thread.Write(path), target.OpenMode);
        problem = "its loader does not say why";
        if (handle == 0 && target.Error != 0)
        {
            Span<byte> text = stackalloc byte[300];
            var length = target.Memory.Read(thread.Call(target.Error), text);
            problem = Encoding.UTF8.GetString(text[..Math.Max(text[..length].IndexOf((byte)0), 0)]);
        }
        return handle;
    }

    private bool SeesTracer()
    {
        try
        {
            return Link("ns/mnt", target.Key.Pid) == Link("ns/mnt", Environment.ProcessId) && Link("root", target.Key.Pid) == Link("root", Environment.ProcessId)
                && !TargetMapping.Read(target.Key.Pid).Exists(mapping => mapping.Name.Contains(TracerMark, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Link(string name, int pid) => new FileInfo($"/proc/{pid}/{name}").LinkTarget;

    private T AtSafePoint<T>(Func<StoppedThread, T> work)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = Find(work);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        { IsBackground = true, Name = "attach" };
        thread.Start();
        thread.Join();
        return failure is null ? result : throw (failure is RecordingException known ? known : new RecordingException($"Attaching to process {target.Key.Pid} failed: {failure.Message}", failure));
    }

    private T Find<T>(Func<StoppedThread, T> work)
    {
        var from = Stopwatch.GetTimestamp();
        var objections = new Dictionary<string, int>(StringComparer.Ordinal);
        var stuck = new List<int>();
        var sleeping = 0;
        do
        {
            stuck.RemoveAll(id => StoppedThread.TryLetGo(target, id));
            var candidates = Candidates(out sleeping);
            if (candidates.Count == 0 && sleeping == 0)
            {
                throw new RecordingException($"Process {target.Key.Pid} has ended.");
            }
            foreach (var id in candidates.Where(id => !stuck.Contains(id)))
            {
                // What stands still waits for this thread.
                Scheduling.Hurry(Scheduling.Own);
                var outcome = StoppedThread.TryStop(target, id, out var stopped, out var why, out var cost);
                if (outcome != StoppedThread.Outcome.Stopped)
                {
                    Scheduling.Calm(Scheduling.Own);
                }
                Stopped += cost;
                switch (outcome)
                {
                    case StoppedThread.Outcome.Denied:
                        throw new RecordingException(TargetProcess.Denied(target.Key.Pid, ProcessStatus.TryRead($"/proc/{target.Key.Pid}")));
                    case StoppedThread.Outcome.Stuck:
                        stuck.Add(id);
                        break;
                    case StoppedThread.Outcome.Unsafe:
                        objections[why] = objections.GetValueOrDefault(why) + 1;
                        break;
                    case StoppedThread.Outcome.Stopped:
                        return Done(stopped!, work);
                }
                if (Stopwatch.GetElapsedTime(from) > patience)
                {
                    break;
                }
            }
            Thread.Sleep(1);
        }
        while (Stopwatch.GetElapsedTime(from) < patience);
        throw new RecordingException(objections.Count == 0
            ? $"No thread of process {target.Key.Pid} can be stopped: {(sleeping > 0 ? "it waits in the kernel for a device, a file system or a process that it is just starting (state D)" : "the kernel holds it")}. Try again when it runs."
            : $"No thread of process {target.Key.Pid} came to a point where the tracer can be loaded within {patience.TotalSeconds:0} seconds; the last ones were {Most(objections)}. Try again, or start it under recording.");
    }

    private T Done<T>(StoppedThread thread, Func<StoppedThread, T> work)
    {
        using (thread)
        {
            try
            {
                return work(thread);
            }
            finally
            {
                Stopped += thread.Release();
                Scheduling.Calm(Scheduling.Own);
            }
        }
    }

    private static string Most(Dictionary<string, int> objections) => string.Join(", ", objections.OrderByDescending(pair => pair.Value).Take(3).Select(pair => pair.Key));

    // Those that wait come first: they need not be tried twice, and nothing of the program waits for them.
    private List<int> Candidates(out int sleeping)
    {
        var (waiting, running) = (new List<int>(), new List<int>());
        sleeping = 0;
        try
        {
            foreach (var directory in Directory.EnumerateDirectories($"/proc/{target.Key.Pid}/task"))
            {
                var id = int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);
                var (state, call) = (State(directory), SystemCall(directory));
                if (state is 'Z' or 'X')
                {
                    continue;
                }
                if (state == 'D')
                {
                    sleeping++;
                }
                else if (call is { } made)
                {
                    if (SystemCalls.IsWait(made.Number, made.Second))
                    {
                        waiting.Add(id);
                    }
                }
                else
                {
                    running.Add(id);
                }
            }
        }
        catch (IOException)
        {
            // It ends.
        }
        return [.. waiting, .. running];
    }

    private static char State(string directory)
    {
        try
        {
            var text = File.ReadAllText($"{directory}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    // https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html; null while it runs, or when it is not told.
    private static (long Number, ulong Second)? SystemCall(string directory)
    {
        try
        {
            var words = File.ReadAllText($"{directory}/syscall").Split(' ');
            return words.Length > 3 && long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
                ? (number, ulong.Parse(words[2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
