using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>A snapshot out of a file.</summary>
/// <param name="Id">Its id.</param>
/// <param name="File">The file's name.</param>
/// <param name="Format"><c>wvm</c>, <c>json</c>, <c>csv</c>, <c>vmMapCsv</c> or <c>mmp</c>.</param>
/// <param name="HostName">The host that the file names.</param>
/// <param name="Process">The process.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
internal sealed record ImportedSnapshotDto(string Id, string File, string Format, string HostName, SnapshotProcessDto Process, DateTime TakenAt)
{
    public static ImportedSnapshotDto Of(StoredSnapshot stored, string file, string format) =>
        new(stored.Id, file, format, stored.HostName, SnapshotProcessDto.Of(stored.Process), stored.TakenAt.UtcDateTime);
}
