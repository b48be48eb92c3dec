using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using WebVmMap.Agent.Recordings;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording;

namespace WebVmMap.Agent.Commands;

/// <summary><c>record</c>: one local recording of a program that it starts or of a process that runs, with no hub.</summary>
internal static class RecordCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="output">Where the summary goes.</param>
    /// <param name="recorders">What begins a recording; null for this machine's own.</param>
    public static Command Create(TextWriter output, IRecorders? recorders = null)
    {
        var file = new Option<string>("--output", "-o")
        {
            Description = "File to write: .wvmr (complete), .pb.gz (pprof), .folded or .speedscope.json.",
            HelpName = "FILE",
            Required = true,
        };
        var duration = new Option<string?>("--duration", "-d") { Description = "How long to record, as 30s, 5m or 1h; until the program ends without it.", HelpName = "TIME" };
        var process = new Option<int?>("--pid", "-p") { Description = "Id of a process that runs; it goes on when the recording ends.", HelpName = "PID" };
        var sample = new Option<string?>("--sample", "-s")
        {
            Description = "Record one allocation in so many bytes, as 512K or 4096, where the whole is too much; all figures are estimates then.",
            HelpName = "BYTES",
        };
        var wait = new Option<int>("--max-wait", "-w")
        {
            Description = "For how many milliseconds a thread of the program may wait, when the agent does not keep up, before its allocations are counted without their stacks; 0 to 1000.",
            HelpName = "MS",
            DefaultValueFactory = _ => (int)new RecorderOptions().MaxWait.TotalMilliseconds,
        };
        var children = new Option<bool>("--children", "-c")
        {
            Description = "Record the processes that the program starts too, each into a file of its own with its id in its name, until the last of them ends.",
        };
        var program = new Argument<string[]>("command") { Description = "A program to start and its arguments, after --.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("record", "Records what a program allocates and where, one that it starts or one that runs (--pid), and writes it to a file, with no hub.")
        {
            file, duration, sample, wait, children, process, program,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(process), Launch(parsed.GetValue(program) ?? [], parsed.GetValue(children)), parsed.GetRequiredValue(file), Duration(parsed.GetValue(duration)),
            new RecorderOptions { SampleBytes = SampleBytes(parsed.GetValue(sample)), MaxWait = Wait(parsed.GetValue(wait)) }, output, recorders ?? new MachineRecorders()));
        return command;
    }

    /// <summary>A time as it is given on the command line.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    internal static TimeSpan? Duration(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var seconds = text.Length > 1 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        return seconds > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count > 0 && count * seconds <= 30 * 86400
            ? TimeSpan.FromSeconds(count * seconds)
            : throw CommandException.Usage($"'{text}' is no time to record: give seconds, minutes or hours as 30s, 5m or 1h, up to 30 days.");
    }

    /// <summary>Bytes to a sample as they are given on the command line; 0 without.</summary>
    /// <exception cref="CommandException">It is no such number.</exception>
    internal static long SampleBytes(string? text)
    {
        if (text is null)
        {
            return 0;
        }
        var unit = text.Length > 1 ? text[^1] switch { 'K' or 'k' => 1L << 10, 'M' or 'm' => 1L << 20, _ => 1L } : 1L;
        return long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= RecordingLimits.MaxSampleBytes && count * unit is >= RecordingLimits.MinSampleBytes and <= RecordingLimits.MaxSampleBytes
            ? count * unit
            : throw CommandException.Usage($"'{text}' is no distance between samples: give bytes from {RecordingLimits.MinSampleBytes} to 2M, as 4096, 64K or 1M.");
    }

    private static TimeSpan Wait(int milliseconds) => milliseconds is >= 0 and <= 1000
        ? TimeSpan.FromMilliseconds(milliseconds)
        : throw CommandException.Usage($"{milliseconds} ms is no time to wait: give 0 to 1000.");

    private static LaunchRequest Launch(string[] command, bool children) => new() { Command = [.. command], InheritOutput = true, FollowChildren = children };

    private static async Task<int> RunAsync(int? pid, LaunchRequest launch, string file, TimeSpan? duration, RecorderOptions options, TextWriter output, IRecorders recorders)
    {
        if (pid is not null && launch.FollowChildren)
        {
            throw CommandException.Usage("--children is for a program that is started: those that a process starts that runs already (--pid) cannot be followed.");
        }
        if (pid is null == launch.Command.IsEmpty)
        {
            throw CommandException.Usage("Say what to record: --pid with the id of a process that runs, or a program to start after --, one of the two.");
        }
        using var written = new RecordingOutput(file);
        var children = new ChildOutputs(file);
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var startedAt = DateTimeOffset.UtcNow;
        var (process, problem) = (0, "");
        try
        {
            await using var recording = await (pid is { } running
                ? recorders.AttachAsync(new AttachRequest(new ProcessKey(running, 0)), options, CancellationToken.None)
                : recorders.LaunchAsync(launch, options, CancellationToken.None)).ConfigureAwait(false);
            process = recording.Pid;
            if (duration is { } limit)
            {
                stop.CancelAfter(limit);
            }
            await using var stopping = stop.Token.Register(() => _ = recording.StopAsync()).ConfigureAwait(false);
            problem = await WriteAsync(recording, written, children, startedAt).ConfigureAwait(false);
        }
        catch (RecordingException exception)
        {
            problem = exception.Message;
        }
        try
        {
            written.Complete(startedAt, DateTimeOffset.UtcNow - startedAt, pid is { } recorded ? $"process {recorded}" : string.Join(' ', launch.Command));
        }
        catch (CommandException exception)
        {
            problem = problem.Length > 0 ? problem : exception.Message;
        }
        if (written.State.Intervals > 0)
        {
            await output.WriteAsync(RecordSummary.Of(written.State)).ConfigureAwait(false);
        }
        if (launch.FollowChildren && (written.State.Intervals > 0 || children.All.Count > 0))
        {
            await output.WriteAsync(RecordSummary.Of(process, children.All, children.NotFollowed + written.State.Health.NotFollowed)).ConfigureAwait(false);
        }
        if (problem.Length > 0)
        {
            throw CommandException.Failed(written.HasFile ? $"{problem} '{file}' holds what was recorded until then." : problem);
        }
        return ExitCode.Done;
    }

    /// <returns>Why the recording is not all that it was to be; empty when it is.</returns>
    private static async Task<string> WriteAsync(IRecording recording, RecordingOutput written, ChildOutputs children, DateTimeOffset startedAt)
    {
        var following = children.ReadAsync(recording, startedAt);
        var problem = "";
        try
        {
            await foreach (var interval in recording.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                written.Add(interval);
            }
        }
        catch (Exception exception) when (exception is RecordingException or CommandException)
        {
            problem = exception.Message;
            // To be told now, and not when the last of those that it started has ended.
            await recording.StopAsync().ConfigureAwait(false);
        }
        try
        {
            await following.ConfigureAwait(false);
        }
        catch (CommandException exception)
        {
            problem = problem.Length > 0 ? problem : exception.Message;
        }
        return problem;
    }
}
