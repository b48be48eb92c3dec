using System.Runtime.Versioning;

namespace WebVmMap.Probes.Windows;

/// <summary>The kernel's paths as people write them, on the machine that this runs on. Thread-safe.</summary>
[SupportedOSPlatform("windows")]
public static class WindowsPaths
{
    private static readonly DosPaths s_paths = new(WindowsSystem.Devices);

    /// <summary>The path with a drive letter or as <c>\\server\share</c>; unchanged where there is neither.</summary>
    public static string Of(string kernelPath) => s_paths.Of(kernelPath);
}
