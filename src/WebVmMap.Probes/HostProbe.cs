namespace WebVmMap.Probes;

/// <summary>Chooses the probe of the system that this program runs on.</summary>
public static class HostProbe
{
    /// <summary>The probe of this machine.</summary>
    /// <exception cref="PlatformNotSupportedException">This system is neither Linux nor Windows on x64.</exception>
    public static IHostProbe ForThisMachine() =>
        OperatingSystem.IsWindows() ? new Windows.WindowsHostProbe()
        : throw new PlatformNotSupportedException("There is no probe for this system yet: WebVmMap inspects Linux and Windows on x64.");
}
