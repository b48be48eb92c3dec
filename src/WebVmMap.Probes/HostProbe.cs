using System.Runtime.InteropServices;
using WebVmMap.Probes.Linux;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes;

/// <summary>Chooses the probe of the system that this program runs on.</summary>
public static class HostProbe
{
    /// <summary>The probe of this machine.</summary>
    /// <exception cref="PlatformNotSupportedException">This system is neither Linux nor Windows on x64.</exception>
    public static IHostProbe ForThisMachine()
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            if (OperatingSystem.IsLinux())
            {
                return new LinuxHostProbe();
            }
            if (OperatingSystem.IsWindows())
            {
                return new WindowsHostProbe();
            }
        }
        throw new PlatformNotSupportedException("WebVmMap inspects Linux and Windows on x64; this is another system.");
    }
}
