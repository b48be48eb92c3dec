using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Linux;

/// <summary>What is to be said of the machine.</summary>
internal static class HostFacts
{
    /// <summary>systemd asks that the machine's id is never shown itself, only a hash keyed to the application. https://man7.org/linux/man-pages/man5/machine-id.5.html</summary>
    private const string Salt = "WebVmMap host v1:";

    /// <summary>Describes this machine.</summary>
    public static HostDescription Describe(Rights rights) => new(
        HashId(FirstLine("/etc/machine-id") ?? FirstLine("/var/lib/dbus/machine-id") ?? Environment.MachineName),
        Environment.MachineName,
        HostPlatform.Linux,
        PrettyName(ReadText("/etc/os-release") ?? ReadText("/usr/lib/os-release") ?? "") ?? RuntimeInformation.OSDescription,
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
        Limitations(rights));

    /// <summary>32 hexadecimal digits that are always the same for a machine and tell nothing of its own id.</summary>
    public static string HashId(string id) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Salt + id)).AsSpan(0, 16));

    /// <summary>PRETTY_NAME of os-release. https://man7.org/linux/man-pages/man5/os-release.5.html</summary>
    /// <returns>Null when it has none.</returns>
    public static string? PrettyName(string osRelease)
    {
        const string Key = "PRETTY_NAME=";
        foreach (var line in osRelease.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal))
            {
                var name = line[Key.Length..].Trim('"', '\'');
                return name.Length > 0 ? name : null;
            }
        }
        return null;
    }

    private static IReadOnlyList<string> Limitations(Rights rights) => rights.Everyone
        ? []
        : [$"Only processes of user {new UserNames()[rights.Uid]} can be inspected, because the agent lacks CAP_SYS_PTRACE: {Rights.Remedy}."];

    private static string? FirstLine(string path) => ReadText(path)?.Split('\n')[0].Trim() is { Length: > 0 } line ? line : null;

    private static string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
