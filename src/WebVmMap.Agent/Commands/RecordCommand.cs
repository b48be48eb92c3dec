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
    private const int TopFunctions = 10;

    /// <summary>Builds the command.</summary>
    /// <param name="output">Where the summary goes.</param>
    public static Command Create(TextWriter output)
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
        var program = new Argument<string[]>("command") { Description = "A program to start and its arguments, after --.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("record", "Records what a program allocates and where, one that it starts or one that runs (--pid), and writes it to a file, with no hub.")
        {
            file, duration, sample, process, program,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(process), parsed.GetValue(program) ?? [], parsed.GetRequiredValue(file), Duration(parsed.GetValue(duration)), SampleBytes(parsed.GetValue(sample)), output));
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

    private static async Task<int> RunAsync(int? pid, string[] command, string file, TimeSpan? duration, long sampleBytes, TextWriter output)
    {
        if (pid is null == (command.Length == 0))
        {
            throw CommandException.Usage("Say what to record: --pid with the id of a process that runs, or a program to start after --, one of the two.");
        }
        using var written = new RecordingOutput(file);
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var startedAt = DateTimeOffset.UtcNow;
        try
        {
            var recorders = new MachineRecorders();
            var options = new RecorderOptions { SampleBytes = sampleBytes };
            await using var recording = await (pid is { } running
                ? recorders.AttachAsync(new AttachRequest(new ProcessKey(running, 0)), options, CancellationToken.None)
                : recorders.LaunchAsync(new LaunchRequest { Command = [.. command], InheritOutput = true }, options, CancellationToken.None)).ConfigureAwait(false);
            if (duration is { } limit)
            {
                stop.CancelAfter(limit);
            }
            await using var stopping = stop.Token.Register(() => _ = recording.StopAsync()).ConfigureAwait(false);
            await foreach (var interval in recording.ReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                written.Add(interval);
            }
        }
        catch (RecordingException exception)
        {
            throw CommandException.Failed(exception.Message);
        }
        written.Complete(startedAt, DateTimeOffset.UtcNow - startedAt, pid is { } recorded ? $"process {recorded}" : string.Join(' ', command));
        await output.WriteAsync(Summary(written.State)).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static string Summary(RecordingState state)
    {
        var (total, health) = (state.Total, state.Health);
        var text = new System.Text.StringBuilder();
        if (health.SampleBytes > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Sampled, one allocation in {health.SampleBytes:N0} bytes on average: all figures are estimates.");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"{total.Allocations:N0} allocations, {total.AllocatedBytes:N0} bytes; {total.LiveBlocks:N0} blocks of {total.LiveBytes:N0} bytes live at the end.");
        if (health.DroppedEvents > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{health.DroppedEvents:N0} events were lost: the figures are too low by as much.");
        }
        foreach (var (function, blocks, bytes) in Leaders(state))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{bytes,15:N0} bytes live in {blocks,9:N0} blocks of {function}");
        }
        return text.ToString();
    }
    // The functions that allocated what is live. By the innermost frame alone: a whole tree of a hundred thousand stacks would take longer than some programs run.
    private static IEnumerable<(string Function, long Blocks, long Bytes)> Leaders(RecordingState state)
    {
        var totals = SpanTotals.Whole(state);
        var byFunction = new Dictionary<string, (long Blocks, long Bytes)>();
        for (var site = 0; site < state.Sites.Count; site++)
        {
            if (state.Sites[site].Kind == AllocationKind.Heap && totals.Sites[site] is { LiveBytes: > 0 } figures)
            {
                var function = SiteCalls.Innermost(state, site).Function;
                var (blocks, bytes) = byFunction.GetValueOrDefault(function);
                byFunction[function] = (blocks + figures.LiveBlocks, bytes + figures.LiveBytes);
            }
        }
        return byFunction.OrderByDescending(pair => pair.Value.Bytes).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(TopFunctions)
            .Select(pair => (pair.Key, pair.Value.Blocks, pair.Value.Bytes));
    }
}
