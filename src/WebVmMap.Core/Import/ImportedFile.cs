using System.Collections.Immutable;

namespace WebVmMap.Core.Import;

/// <summary>What a file held: one snapshot, or of a VMMap timeline several, in the order of the file.</summary>
/// <param name="Format">What it was found to be.</param>
/// <param name="Snapshots">At least one.</param>
public sealed record ImportedFile(SnapshotFileFormat Format, ImmutableArray<ImportedSnapshot> Snapshots);
