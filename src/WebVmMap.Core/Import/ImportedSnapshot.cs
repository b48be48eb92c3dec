using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Import;

/// <summary>A snapshot out of a file.</summary>
/// <param name="Snapshot">The snapshot; its notes say what the format did not carry.</param>
/// <param name="Host">The host that the file names; empty when it names none.</param>
/// <param name="Label">The label that the file gives; empty when it gives none.</param>
public sealed record ImportedSnapshot(Snapshot Snapshot, string Host, string Label);
