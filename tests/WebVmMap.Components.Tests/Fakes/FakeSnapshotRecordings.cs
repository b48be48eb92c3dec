using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>What was live with snapshots, as a test says.</summary>
internal sealed class FakeSnapshotRecordings : ISnapshotRecordings
{
    public Dictionary<string, IRecordingReader> Kept { get; } = [];

    /// <summary>Whether what is stored of all is damaged.</summary>
    public bool Damaged { get; set; }

    public Task<bool> HasAsync(string snapshotId, CancellationToken cancellation) => Task.FromResult(Kept.ContainsKey(snapshotId));

    public Task<IRecordingReader?> ReadAsync(string snapshotId, CancellationToken cancellation) =>
        Damaged ? throw new InvalidDataException("damaged") : Task.FromResult(Kept.GetValueOrDefault(snapshotId));
}
