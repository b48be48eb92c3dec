using WebVmMap.Core.Import;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Import;

/// <summary>
/// Spools a file to the disk while it arrives, then reads it into memory, one file at a time: a slow sender holds up nobody, and many
/// senders take no more memory than one.
/// </summary>
internal sealed class SnapshotImporter(ISnapshotStore store, DataFolder folder, TimeProvider time, ImportLimits limits) : ISnapshotImporter, IDisposable
{
    /// <summary>Id of the host that imported snapshots are listed under: whatever host a file names, it has not proved to be of it.</summary>
    public const string HostId = "imported";

    private const int CopyBytes = 80 * 1024;

    private readonly SemaphoreSlim _oneAtATime = new(1);

    public async Task<ImportOutcome> ImportAsync(Stream content, string fileName, string label, CancellationToken cancellation)
    {
        var spool = Spool();
        await using (spool.ConfigureAwait(false))
        {
            await CopyAsync(content, spool, fileName, cancellation).ConfigureAwait(false);
            await _oneAtATime.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await KeepAsync(await ReadAsync(spool, fileName, cancellation).ConfigureAwait(false), fileName, label, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _oneAtATime.Release();
            }
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    // In the data folder, which is the owner's alone: a memory map tells of somebody's process.
    private FileStream Spool() => new(
        Path.Combine(folder.FullPath, $".import-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, CopyBytes,
        FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    private async Task CopyAsync(Stream content, FileStream spool, string fileName, CancellationToken cancellation)
    {
        var buffer = new byte[CopyBytes];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (spool.Length + read > limits.MaxBytes)
            {
                throw SnapshotImport.TooLarge(fileName, limits);
            }
            await WriteAsync(spool, buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(FileStream spool, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await spool.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (IOException full)
        {
            throw new StoreException($"The file cannot be kept in {folder.FullPath} while it is read: {full.Message} Make room there and try again.", full);
        }
    }

    private async Task<ImportedFile> ReadAsync(FileStream spool, string fileName, CancellationToken cancellation)
    {
        var data = new byte[spool.Length];
        spool.Position = 0;
        await spool.ReadExactlyAsync(data, cancellation).ConfigureAwait(false);
        // Reading takes seconds for a large file; none of the threads that answer requests is held for it.
        return await Task.Run(() => SnapshotImport.Read(data, fileName, time.GetUtcNow(), limits, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<ImportOutcome> KeepAsync(ImportedFile file, string fileName, string label, CancellationToken cancellation)
    {
        var stored = new List<StoredSnapshot>();
        foreach (var imported in file.Snapshots)
        {
            var snapshot = new NewSnapshot
            {
                Snapshot = imported.Snapshot,
                HostId = HostId,
                HostName = imported.Host.Length > 0 ? imported.Host : HostId,
                Label = label.Length > 0 ? label : imported.Label,
                Cause = SnapshotCause.Import,
                ImportFile = fileName,
                ImportFormat = ImportOutcome.FormatName(file.Format),
            };
            stored.Add(await store.AddAsync(snapshot, cancellation).ConfigureAwait(false));
        }
        return new ImportOutcome(file.Format, stored);
    }
}
