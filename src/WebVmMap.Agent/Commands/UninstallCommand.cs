using System.CommandLine;
using WebVmMap.Agent.Service;

namespace WebVmMap.Agent.Commands;

/// <summary><c>uninstall</c>: undoes <c>install</c>.</summary>
internal static class UninstallCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="output">What was done.</param>
    public static Command Create(TextWriter output)
    {
        var command = new Command("uninstall", "Stops the installed agent and removes its service or unit, and its key.");
        command.SetAction(_ =>
        {
            if (OperatingSystem.IsWindows())
            {
                WindowsInstallation.Uninstall(output);
            }
            else
            {
                SystemdInstallation.OfThisMachine(output).Uninstall();
            }
        });
        return command;
    }
}
