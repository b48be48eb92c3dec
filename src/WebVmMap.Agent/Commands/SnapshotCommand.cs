using System.CommandLine;
using WebVmMap.Core.Export;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Commands;

/// <summary><c>snapshot</c>: one local snapshot with no hub.</summary>
internal static class SnapshotCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="output">Where the summary goes.</param>
    public static Command Create(TextWriter output)
    {
        var pid = new Option<int>("--pid", "-p") { Description = "Id of the process.", HelpName = "P", Required = true };
        var file = new Option<string?>("--output", "-o")
        {
            Description = "File to write: .wvm (complete, for the hub), .csv, .json or VMMap's .mmp. Without it a summary is printed.",
            HelpName = "FILE",
        };
        var command = new Command("snapshot", "Takes one snapshot of a process on this machine, with no hub.") { pid, file };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(pid), parsed.GetValue(file), output));
        return command;
    }

    private static void Run(int pid, string? file, TextWriter output)
    {
        if (pid <= 0)
        {
            throw CommandException.Usage($"{pid} is no id of a process: it has to be above 0.");
        }
        // Before the work: a wrong name must not cost a pass over the process.
        SnapshotFormat? format = file is null ? null : SnapshotFile.FormatOf(file);
        var host = HostProbe.ForThisMachine();
        var snapshot = Take(host, pid);
        if (format is { } chosen && file is not null)
        {
            SnapshotFile.Write(file, chosen, snapshot, new SnapshotOrigin(null, host.Host.Name, ""));
        }
        else
        {
            output.Write(SnapshotReport.Text(snapshot));
        }
    }

    private static Snapshot Take(IHostProbe host, int pid)
    {
        var opened = host.Open(pid, startStamp: null);
        if (!opened.TryGet(out var probe))
        {
            throw CommandException.Failed(opened.Message);
        }
        using (probe)
        {
            var taken = probe.TakeSnapshot(CancellationToken.None);
            return taken.TryGet(out var snapshot) ? snapshot : throw CommandException.Failed(taken.Message);
        }
    }
}
