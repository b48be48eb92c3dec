using System.Runtime.CompilerServices;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>A test of this machine's own processes: there are such only on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Reads processes of a running Linux.";
        }
    }
}
