namespace WebVmMap.Hub.Store;

/// <summary>
/// A file beside the database that takes some room on its disk for nothing, to be let go when the disk is full: even to delete,
/// SQLite first writes to its log. With it, what frees room or closes a door works where nothing else does. Thread-safe.
/// </summary>
public sealed class DiskReserve(DatabaseTarget target) : IDisposable
{
    /// <summary>How much it takes: a deletion adds some pages of 4 KiB to the log, so this is enough for dozens.</summary>
    public const int Bytes = 512 << 10;

    private const int Step = 4096;

    // One at a time: what one has let go another must not take back meanwhile.
    private readonly SemaphoreSlim _using = new(1);

    // PostgreSQL's disk is its server's business.
    private readonly string? _path = target.SqliteFile is { } file ? file + "-reserve" : null;

    /// <summary>Whether there is one on this database.</summary>
    public bool Exists => _path is not null;

    /// <summary>Takes the room, or as much of it as the disk has.</summary>
    public async Task HoldAsync(CancellationToken cancellation)
    {
        await _using.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Take();
        }
        finally
        {
            _using.Release();
        }
    }

    /// <summary>Lets the room go, does something with it, and takes back what is left of it.</summary>
    public async Task<T> LendAsync<T>(Func<Task<T>> action, CancellationToken cancellation)
    {
        await _using.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            LetGo();
            return await action().ConfigureAwait(false);
        }
        finally
        {
            Take();
            _using.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _using.Dispose();

    private void LetGo()
    {
        try
        {
            File.Delete(_path!);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Then there is no more room than before, and the database says so.
        }
    }

    private void Take()
    {
        if (_path is null)
        {
            return;
        }
        try
        {
            using var file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Seek(0, SeekOrigin.End);
            // Noise, so that a file system that packs zeros away gives it room as well.
            Span<byte> noise = stackalloc byte[Step];
            Random.Shared.NextBytes(noise);
            while (file.Length < Bytes)
            {
                file.Write(noise);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The disk has no more: what has been taken stays, the rest is taken when there is room again.
        }
    }
}
