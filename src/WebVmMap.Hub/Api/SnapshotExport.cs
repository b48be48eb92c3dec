using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>One way to write a snapshot into a file.</summary>
/// <param name="Name">As asked for, and the ending of the file's name.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Write">Writes the whole file.</param>
internal sealed record SnapshotExport(string Name, string ContentType, Action<Stream, Snapshot, StoredSnapshot> Write);
