namespace WebVmMap.Hub.Import;

/// <summary>Keeps the snapshots of files. Thread-safe.</summary>
public interface ISnapshotImporter
{
    /// <summary>Reads a file and keeps every snapshot in it, in the order of the file. When the file is bad, nothing of it is kept.</summary>
    /// <param name="content">The file, read no further than its limit.</param>
    /// <param name="fileName">Its name as the sender gave it.</param>
    /// <param name="label">The user's words, which come before those of the file; empty when none. At most 200 characters.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="WebVmMap.Core.Import.ImportException">It is no snapshot, or is too large.</exception>
    /// <exception cref="WebVmMap.Hub.Store.StoreException">The store refused.</exception>
    Task<ImportOutcome> ImportAsync(Stream content, string fileName, string label, CancellationToken cancellation);
}
