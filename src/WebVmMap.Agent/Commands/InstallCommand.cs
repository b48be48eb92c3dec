using System.CommandLine;
using WebVmMap.Agent.Service;

namespace WebVmMap.Agent.Commands;

/// <summary><c>install</c>: lets the system start the agent.</summary>
internal static class InstallCommand
{
    /// <summary>Builds the command.</summary>
    /// <param name="output">What was done.</param>
    public static Command Create(TextWriter output)
    {
        var hub = new HubOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would be installed, and change nothing." };
        var command = new Command("install", "Installs the agent as a Windows service or a systemd unit, with the given options of 'run'.");
        hub.AddTo(command);
        command.Options.Add(dryRun);
        command.SetAction(parsed =>
        {
            var options = hub.Read(parsed);
            var program = Environment.ProcessPath ?? throw CommandException.Failed("The path of this program is not known, so it cannot be installed.");
            if (OperatingSystem.IsWindows())
            {
                if (parsed.GetValue(dryRun))
                {
                    output.WriteLine(WindowsInstallation.CommandLine(program, options));
                    return;
                }
                WindowsInstallation.Install(program, options, output);
                return;
            }
            if (parsed.GetValue(dryRun))
            {
                output.Write(SystemdInstallation.Unit(program, options));
                return;
            }
            SystemdInstallation.OfThisMachine(output).Install(program, options);
        });
        return command;
    }
}
