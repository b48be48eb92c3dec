using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Windows;

/// <summary>Describes this machine.</summary>
[SupportedOSPlatform("windows")]
internal static class MachineIdentity
{
    /// <summary>The description, with what cannot be done with the rights at hand.</summary>
    public static HostDescription Describe(WindowsSystem system, bool hasDebugPrivilege)
    {
        using var version = Open(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion");
        var limitations = new List<string>();
        if (!Environment.IsPrivilegedProcess)
        {
            limitations.Add(Rights.NotElevatedMessage);
        }
        else if (!hasDebugPrivilege)
        {
            limitations.Add(Rights.NoDebugPrivilegeMessage);
        }
        if (system.WineVersion.Length > 0)
        {
            limitations.Add("This is Wine, not Windows: it does not tell which pages of a process are resident, so the working set columns stay empty.");
        }
        return new HostDescription(
            MachineId(),
            Environment.MachineName,
            HostPlatform.Windows,
            WindowsName.Of(
                version?.GetValue("ProductName") as string ?? "",
                version?.GetValue("DisplayVersion") as string ?? "",
                system.Build,
                version?.GetValue("UBR") is int revision ? revision : 0,
                system.WineVersion),
            "x64",
            limitations);
    }

    // The id that Windows gave the machine when it was installed. It is a secret of some programs' licences, so only a hash leaves.
    private static string MachineId()
    {
        using var key = Open(@"SOFTWARE\Microsoft\Cryptography");
        var id = key?.GetValue("MachineGuid") as string is { Length: > 0 } guid ? guid : "name:" + Environment.MachineName;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("WebVmMap:" + id)))[..32];
    }

    private static RegistryKey? Open(string path)
    {
        using var root = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry64);
        return root.OpenSubKey(path);
    }
}
