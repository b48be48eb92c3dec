using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>From a process to its recording, and from a recording's blocks to the regions of its process.</summary>
internal static class ProcessRecordings
{
    /// <summary>The newest recording of a process that has begun; for a moment, the newest that was under way then. Null for none.</summary>
    public static Recording? Of(IRecordings recordings, string hostId, ProcessKey process, DateTimeOffset? at) => recordings.All.FirstOrDefault(recording =>
        recording.HostId == hostId && recording.Pid == process.Pid && recording.StartStamp == process.StartStamp && recording.Phase != RecordingPhase.Starting
        && (at is not { } moment || (recording.StartedAt <= moment && (recording.StoppedAt is not { } end || moment <= end))));

    /// <summary>The page of the process.</summary>
    public static string ProcessHref(string hostId, ProcessKey process) => string.Create(CultureInfo.InvariantCulture,
        $"/hosts/{Uri.EscapeDataString(hostId)}/processes/{process.Pid}?start={process.StartStamp}");

    /// <summary>The page of the process with the region selected that holds an address.</summary>
    public static string RegionHref(string hostId, ProcessKey process, ulong address) =>
        $"{ProcessHref(hostId, process)}&sel={Uri.EscapeDataString($"r:{AddressText.Format(address)}")}";
}
