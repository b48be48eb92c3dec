using System.ComponentModel;
using System.Diagnostics;
using WebVmMap.Agent.Commands;

namespace WebVmMap.Agent.Service;

/// <summary>Runs the system's own tools.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a tool to its end.</summary>
    /// <exception cref="CommandException">It cannot be started or failed; the message holds what it printed.</exception>
    public static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception("it did not start");
            // Both pipes are read at once, or the tool could wait for the one that nobody reads.
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            var said = $"{error.GetAwaiter().GetResult()} {output.GetAwaiter().GetResult()}".ReplaceLineEndings(" ").Trim();
            if (process.ExitCode != 0)
            {
                throw CommandException.Failed($"'{program} {string.Join(' ', arguments)}' failed with {process.ExitCode}: {said}");
            }
        }
        catch (Win32Exception exception)
        {
            throw CommandException.Failed($"'{program}' could not be run: {exception.Message}");
        }
    }
}
