namespace WebVmMap.Core.Snapshots;

/// <summary>The sorts of notes on a snapshot. The values are part of the stored and sent format.</summary>
public enum SnapshotNoteKind : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>How something was found, for example how deep heap detection went.</summary>
    Method = 1,

    /// <summary>Something could not be read: a column is empty or a category coarse.</summary>
    Limitation = 2,

    /// <summary>The process changed while it was read.</summary>
    ChangedWhileRead = 3,
}
