using System.Globalization;
using System.Text;

namespace WebVmMap.Symbols.DotNet;

/// <summary>Where the files of a process are, as others see them: on Linux its root, its temporary folder, its own number. Immutable.</summary>
public sealed class RuntimeProcess
{
    private const int MaxStatBytes = 4096;
    private const int MaxEnvironmentBytes = 4 << 20;

    private readonly string _key;
    private readonly string _temporary;

    private RuntimeProcess(int pid, int ownPid, string root, string key, string temporary)
    {
        (Pid, OwnPid, Root) = (pid, ownPid, root);
        (_key, _temporary) = (key, temporary);
    }

    /// <summary>The process's number here.</summary>
    public int Pid { get; }

    /// <summary>The process's number as it knows itself: in a container the container's.</summary>
    public int OwnPid { get; }

    /// <summary>The folder that it sees as "/", without the slash; empty when it sees what this program sees.</summary>
    public string Root { get; }

    /// <summary>Where its .NET runtime would have its socket for diagnostics, or on Windows its pipe.</summary>
    public string DiagnosticSocket => OperatingSystem.IsWindows() ? DiagnosticPipe.Of(Pid) : string.Create(CultureInfo.InvariantCulture, $"{Root}{_temporary}/dotnet-diagnostic-{OwnPid}-{_key}-socket");

    /// <summary>Looks at a process; what cannot be read of it counts as being like here.</summary>
    public static RuntimeProcess Of(int pid)
    {
        if (OperatingSystem.IsWindows())
        {
            return new RuntimeProcess(pid, pid, "", "", "");
        }
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        var ownPid = pid;
        foreach (var line in Text($"{folder}/status", MaxStatBytes).Split('\n'))
        {
            if (line.StartsWith("NSpid:", StringComparison.Ordinal) && int.TryParse(line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture, out var inner))
            {
                ownPid = inner;
            }
        }
        // The 22nd field, and the second is in brackets and may hold anything. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        var stat = Text($"{folder}/stat", MaxStatBytes);
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var temporary = "/tmp";
        foreach (var variable in Text($"{folder}/environ", MaxEnvironmentBytes).Split('\0'))
        {
            if (variable.StartsWith("TMPDIR=/", StringComparison.Ordinal))
            {
                temporary = variable["TMPDIR=".Length..].TrimEnd('/');
            }
        }
        return new RuntimeProcess(pid, ownPid, IsLikeHere(folder) ? "" : $"{folder}/root", fields.Length > 19 ? fields[19] : "0", temporary);
    }

    private static bool IsLikeHere(string folder) =>
        Link($"{folder}/ns/mnt") is { } theirs && theirs == Link("/proc/self/ns/mnt") && Link($"{folder}/root") == Link("/proc/self/root");

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Text(string path, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var text = new MemoryStream();
            var buffer = new byte[4096];
            for (int read; text.Length < most && (read = file.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, read);
            }
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
