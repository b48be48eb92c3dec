using System.Globalization;
using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Components.Views;

/// <summary>Addresses of the pages that compare snapshots.</summary>
public static class SnapshotLinks
{
    /// <summary>What changed from one to another.</summary>
    public static string Compare(string older, string newer) => $"/compare?a={Uri.EscapeDataString(older)}&b={Uri.EscapeDataString(newer)}";

    /// <summary>What grew over all snapshots of one life of a process.</summary>
    public static string Trend(string hostId, ProcessKey process) =>
        string.Create(CultureInfo.InvariantCulture, $"/trend?host={Uri.EscapeDataString(hostId)}&pid={process.Pid}&start={process.StartStamp}");

    /// <summary>What grew over many, oldest first.</summary>
    public static string Trend(IEnumerable<string> oldestFirst) => $"/trend?ids={Uri.EscapeDataString(string.Join(',', oldestFirst))}";
}
