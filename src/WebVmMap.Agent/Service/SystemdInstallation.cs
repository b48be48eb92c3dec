using System.Runtime.Versioning;
using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Uplink;

namespace WebVmMap.Agent.Service;

/// <summary>The agent as a systemd unit.</summary>
/// <param name="root">Where the file system begins: <c>/</c>, or another folder to write an image or a test.</param>
/// <param name="systemctl">Runs systemctl with some arguments; null where systemd does not run.</param>
/// <param name="output">What was done.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class SystemdInstallation(string root, Action<string[]>? systemctl, TextWriter output)
{
    /// <summary>Name of the unit.</summary>
    public const string UnitName = "webvmmap-agent.service";

    // Inside the root, as the unit will see it.
    private const string EnvironmentFile = "/etc/webvmmap/agent.env";

    private string UnitPath => Path.Combine(root, "etc/systemd/system", UnitName);

    private string EnvironmentPath => Path.Combine(root, EnvironmentFile[1..]);

    /// <summary>The installation of this machine.</summary>
    public static SystemdInstallation OfThisMachine(TextWriter output) => new(
        "/",
        // https://www.freedesktop.org/software/systemd/man/latest/sd_booted.html
        Directory.Exists("/run/systemd/system") ? arguments => CommandRunner.Run("systemctl", arguments) : null,
        output);

    /// <summary>The unit's text.</summary>
    public static string Unit(string program, UplinkOptions options) => SystemdUnit.Text(program, RunArguments.Of(options), EnvironmentFile, options.Permissions.EmptyWorkingSet);

    /// <summary>Writes the unit and the key, and starts the agent where systemd runs.</summary>
    /// <exception cref="CommandException">Something of it cannot be done.</exception>
    public void Install(string program, UplinkOptions options)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(EnvironmentPath)!);
            if (options.Key is { } key)
            {
                WriteSecret(EnvironmentPath, $"{HubOptions.KeyVariable}={key}\n");
                output.WriteLine($"Wrote the key to {EnvironmentPath} (readable by root only).");
            }
            Directory.CreateDirectory(Path.GetDirectoryName(UnitPath)!);
            File.WriteAllText(UnitPath, Unit(program, options));
            output.WriteLine($"Wrote {UnitPath}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The service cannot be installed: {exception.Message} Run this as root.");
        }
        if (systemctl is null)
        {
            output.WriteLine($"systemd does not run here, so the agent was not started. Where it does: systemctl enable --now {UnitName}");
            return;
        }
        systemctl(["daemon-reload"]);
        systemctl(["enable", UnitName]);
        systemctl(["restart", UnitName]);
        output.WriteLine($"The agent runs. Its log: journalctl -u {UnitName}");
    }

    /// <summary>Stops the agent and removes the unit and the key.</summary>
    /// <exception cref="CommandException">It is not installed, or something cannot be removed.</exception>
    public void Uninstall()
    {
        if (!File.Exists(UnitPath))
        {
            throw CommandException.Failed($"The agent is not installed as a service: there is no {UnitPath}.");
        }
        systemctl?.Invoke(["disable", "--now", UnitName]);
        try
        {
            File.Delete(UnitPath);
            File.Delete(EnvironmentPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The service cannot be removed: {exception.Message} Run this as root.");
        }
        systemctl?.Invoke(["daemon-reload"]);
        output.WriteLine($"Removed {UnitPath} and the key. The program itself is left where it is.");
    }

    // Created with its final rights, so there is no moment at which another user could open it; a file that is there already
    // is replaced, not written into, since its rights may be wider.
    private static void WriteSecret(string path, string text)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(text);
    }
}
