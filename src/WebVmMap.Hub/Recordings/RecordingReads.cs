namespace WebVmMap.Hub.Recordings;

/// <summary>What was read of recordings from the database so far. Thread-safe.</summary>
internal sealed class RecordingReads
{
    private long _rows;
    private long _bytes;

    /// <summary>Segments and parts of key frames.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Their bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long bytes)
    {
        Interlocked.Increment(ref _rows);
        Interlocked.Add(ref _bytes, bytes);
    }
}
