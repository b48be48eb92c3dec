using WebVmMap.Core.Processes;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Protocol;

/// <summary>The operating system, on the wire and in Core.</summary>
public static class PlatformMapping
{
    /// <summary>To the wire.</summary>
    public static Platform ToWire(this HostPlatform platform) => platform switch
    {
        HostPlatform.Linux => Platform.Linux,
        HostPlatform.Windows => Platform.Windows,
        _ => Platform.Unspecified,
    };

    /// <summary>From the wire. One that a newer agent may know and this hub does not is Unspecified.</summary>
    public static HostPlatform ToCore(this Platform platform) => platform switch
    {
        Platform.Linux => HostPlatform.Linux,
        Platform.Windows => HostPlatform.Windows,
        _ => HostPlatform.Unspecified,
    };
}
