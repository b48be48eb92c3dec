using WebVmMap.Core.Processes;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Protocol;

/// <summary>Which process is meant, on the wire and in Core.</summary>
public static class ProcessKeyMapping
{
    /// <summary>To the wire; a start stamp of 0 means whichever process has the id now.</summary>
    public static ProcessRef ToWire(this ProcessKey key) => new() { Pid = key.Pid, StartStamp = key.StartStamp };

    /// <summary>The start stamp to insist on; null when whichever process has the id now will do.</summary>
    public static long? WantedStamp(this ProcessRef process) => process.StartStamp == 0 ? null : process.StartStamp;
}
