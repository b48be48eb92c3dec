namespace WebVmMap.Core.Snapshots;

/// <summary>Something a reader of the snapshot has to know to trust its figures rightly.</summary>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Text">One sentence: what is so, why, and where something can be done about it, what.</param>
public sealed record SnapshotNote(SnapshotNoteKind Kind, string Text);
