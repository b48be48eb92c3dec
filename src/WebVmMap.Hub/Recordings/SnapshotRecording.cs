using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What was live by stack when a snapshot was taken, to be looked at as a recording of that moment alone. Immutable and thread-safe.</summary>
internal sealed class SnapshotRecording : IRecordingReader
{
    private readonly Recording _recording;
    private readonly RecordingState _state = new();
    private readonly KeptBlocks _blocks;

    /// <summary>Reads one.</summary>
    /// <param name="snapshotId">The snapshot, whose id is that of this recording too.</param>
    /// <param name="stacks">The stacks as they are stored.</param>
    /// <param name="data">The blocks as they are stored.</param>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public SnapshotRecording(string snapshotId, byte[] stacks, byte[] data)
    {
        foreach (var interval in RecordingFile.Read(new MemoryStream(stacks)))
        {
            _state.Apply(interval);
        }
        _blocks = KeptBlocksCodec.Decode(data);
        if (_state.Intervals == 0 || _blocks.Blocks.Any(block => block.Site >= _state.Sites.Count))
        {
            throw new InvalidDataException("The live blocks of the snapshot are of stacks that are not kept.");
        }
        _recording = new Recording
        {
            Id = snapshotId,
            HostId = "",
            HostName = "",
            Phase = RecordingPhase.Stopped,
            StartedAt = _state.Ends[0],
            StoppedAt = _state.Ends[^1],
            Intervals = _state.Intervals,
            Total = _state.Total,
            Virtual = _state.Virtual,
            Health = _state.Health,
            KeepsBlocks = true,
        };
    }

    /// <summary>Id of the snapshot.</summary>
    public string Id => _recording.Id;

    public Recording? Find(string id) => id == Id ? _recording : null;

    public IDisposable Subscribe(string id, Action wake) => new Nothing();

    // Reading changes nothing of it, so that many may at once.
    public Task<T?> ReadAsync<T>(string id, Func<RecordingState, T> read, CancellationToken cancellation) => Task.FromResult(id == Id ? read(_state) : default);

    public Task<T?> ReadSpanAsync<T>(
        string id, Func<RecordingState, (int From, int To)> span, Func<RecordingState, SpanTotals, T> read, CancellationToken cancellation) =>
        Task.FromResult(id == Id ? read(_state, SpanTotals.Whole(_state)) : default);

    public Task<FoundInRecording> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation) =>
        Task.Run(() => new FoundInRecording(_blocks.Find(question), false, _blocks.LeftOutBlocks, _blocks.LeftOutBytes), cancellation);

    // It never changes.
    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
