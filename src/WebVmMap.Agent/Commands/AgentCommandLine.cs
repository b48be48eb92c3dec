using System.CommandLine;

namespace WebVmMap.Agent.Commands;

/// <summary>The program's commands, and how their results become exit codes.</summary>
internal static class AgentCommandLine
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="output">What was asked for.</param>
    /// <param name="error">What went wrong, and log lines.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Shows a WebVmMap hub the memory of this machine's processes.")
        {
            RunCommand.Create(error),
            SnapshotCommand.Create(output),
            RecordCommand.Create(output),
            InstallCommand.Create(output),
            UninstallCommand.Create(output),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in parsed.Errors)
            {
                await error.WriteLineAsync(message.Message);
            }
            await error.WriteLineAsync("Run 'webvmmap-agent --help' for what there is.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                // Commands that have something to end in order listen to the signals themselves.
                ProcessTerminationTimeout = null,
            });
        }
        catch (CommandException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return exception.ExitCode;
        }
        catch (PlatformNotSupportedException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Failed;
        }
    }
}
