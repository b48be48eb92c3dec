using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>What was live with snapshots, as a test says.</summary>
internal sealed class FakeSnapshotRecordings : ISnapshotRecordings
{
    public Dictionary<string, IRecordingReader> Kept { get; } = [];

    public Task<IRecordingReader?> ReadAsync(string snapshotId, CancellationToken cancellation) => Task.FromResult(Kept.GetValueOrDefault(snapshotId));
}
