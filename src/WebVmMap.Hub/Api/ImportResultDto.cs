namespace WebVmMap.Hub.Api;

/// <summary>What became of the files of a request.</summary>
/// <param name="Id">Id of the first snapshot.</param>
/// <param name="Snapshots">Every snapshot that is kept now.</param>
/// <param name="Problems">The files that were refused.</param>
internal sealed record ImportResultDto(string Id, IReadOnlyList<ImportedSnapshotDto> Snapshots, IReadOnlyList<ImportProblemDto> Problems);
