using System.Collections.Immutable;

namespace WebVmMap.Hub.Recordings;

/// <summary>Which recordings came with which: those of processes that a recorded one started.</summary>
internal static class RecordingFamilies
{
    /// <summary>Those that came with one, oldest first.</summary>
    public static ImmutableArray<Recording> ChildrenOf(this IRecordings recordings, string id) =>
        [.. recordings.All.Where(recording => recording.ParentId == id).OrderBy(recording => recording.StartedAt).ThenBy(recording => recording.Pid)];

    /// <summary>The families, in the order of their first ones.</summary>
    public static IEnumerable<RecordingFamily> Families(this IReadOnlyCollection<Recording> recordings)
    {
        var ids = recordings.Select(recording => recording.Id).ToHashSet(StringComparer.Ordinal);
        var children = recordings.Where(recording => ids.Contains(recording.ParentId)).ToLookup(recording => recording.ParentId);
        return recordings.Where(recording => !ids.Contains(recording.ParentId))
            .Select(recording => new RecordingFamily(recording, [.. children[recording.Id].OrderBy(child => child.StartedAt).ThenBy(child => child.Pid)]));
    }

    /// <summary>Each with those that came with it behind it, oldest first; one whose parent is not among them stands for itself.</summary>
    public static IEnumerable<Recording> InFamilies(this IReadOnlyCollection<Recording> recordings) => recordings.Families().SelectMany(family => family.All);
}
