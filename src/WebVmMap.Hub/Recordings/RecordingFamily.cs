using System.Collections.Immutable;

namespace WebVmMap.Hub.Recordings;

/// <summary>A program's recording with those of the processes that it started, which came with it: they count as one of those that are kept, and go together. Immutable.</summary>
/// <param name="First">The program's; one whose program's is gone stands for itself.</param>
/// <param name="Children">Those of the processes that it started, oldest first.</param>
internal sealed record RecordingFamily(Recording First, ImmutableArray<Recording> Children)
{
    /// <summary>All of them.</summary>
    public IEnumerable<Recording> All => Children.Prepend(First);

    /// <summary>Whether all have ended.</summary>
    public bool HasEnded => All.All(recording => recording.HasEnded);

    /// <summary>Whether it counts among those that go with time: when it has ended, and the program's is not pinned.</summary>
    public bool IsLoose => !First.Pinned && HasEnded;

    /// <summary>Of one that is loose, those that go: not a child that somebody pinned.</summary>
    public IEnumerable<Recording> Loose => All.Where(recording => !recording.Pinned);

    /// <summary>Bytes that these take in the store.</summary>
    public long LooseBytes => Loose.Sum(recording => recording.StoredBytes);
}
