using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using WebVmMap.Agent.Commands;
using WebVmMap.Agent.Uplink;
using WebVmMap.Core.Processes;

namespace WebVmMap.Agent.Service;

/// <summary>The agent as a Windows service, set up with <c>sc.exe</c>.</summary>
internal static class WindowsInstallation
{
    /// <summary>Name of the service.</summary>
    public const string ServiceName = "webvmmap-agent";

    /// <summary>The hidden option that tells <c>run</c> that the service manager started it.</summary>
    public const string ServiceOption = "--service";

    private static string KeyPath =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "WebVmMap", "agent.key");

    private static string ServiceControl => Path.Combine(Environment.SystemDirectory, "sc.exe");

    /// <summary>The command line that the service manager runs.</summary>
    public static string CommandLine(string program, UplinkOptions options) => WindowsCommandLine.Join(
        [program, .. RunArguments.Of(options), .. options.Key is null ? (string[])[] : ["--token-file", KeyPath], ServiceOption]);

    /// <summary>Creates and starts the service.</summary>
    /// <exception cref="CommandException">Something of it cannot be done.</exception>
    [SupportedOSPlatform("windows")]
    public static void Install(string program, UplinkOptions options, TextWriter output)
    {
        if (options.Key is { } key)
        {
            WriteSecret(key);
            output.WriteLine($"Wrote the key to {KeyPath} (readable by administrators and the system only).");
        }
        CommandRunner.Run(ServiceControl, "create", ServiceName, "start=", "auto", "DisplayName=", "WebVmMap agent", "binPath=", CommandLine(program, options));
        CommandRunner.Run(ServiceControl, "description", ServiceName, "Shows a WebVmMap hub the memory of this machine's processes.");
        CommandRunner.Run(ServiceControl, "failure", ServiceName, "reset=", "86400", "actions=", "restart/15000/restart/15000/restart/60000");
        CommandRunner.Run(ServiceControl, "start", ServiceName);
        output.WriteLine($"The service {ServiceName} runs. It logs to the Application event log.");
    }

    /// <summary>Stops and removes the service and the key.</summary>
    /// <exception cref="CommandException">It is not installed, or something cannot be removed.</exception>
    [SupportedOSPlatform("windows")]
    public static void Uninstall(TextWriter output)
    {
        try
        {
            CommandRunner.Run(ServiceControl, "stop", ServiceName);
        }
        catch (CommandException)
        {
            // It need not be running; whether it exists at all is what the next line tells.
        }
        CommandRunner.Run(ServiceControl, "delete", ServiceName);
        try
        {
            File.Delete(KeyPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The service is removed, but its key at {KeyPath} is not: {exception.Message}");
        }
        output.WriteLine($"Removed the service {ServiceName} and its key. The program itself is left where it is.");
    }

    // Created with its final rights, so there is no moment at which another user could open it.
    [SupportedOSPlatform("windows")]
    private static void WriteSecret(string key)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
            File.Delete(KeyPath);
            var security = new FileSecurity();
            security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
            foreach (var who in (WellKnownSidType[])[WellKnownSidType.LocalSystemSid, WellKnownSidType.BuiltinAdministratorsSid])
            {
                security.AddAccessRule(new FileSystemAccessRule(new SecurityIdentifier(who, null), FileSystemRights.FullControl, AccessControlType.Allow));
            }
            using var file = new FileInfo(KeyPath).Create(FileMode.CreateNew, FileSystemRights.Write, FileShare.None, 4096, FileOptions.None, security);
            using var writer = new StreamWriter(file);
            writer.Write(key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The service cannot be installed: {exception.Message} Run this as an administrator.");
        }
    }
}
