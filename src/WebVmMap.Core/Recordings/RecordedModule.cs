namespace WebVmMap.Core.Recordings;

/// <summary>A file whose code is in stacks of a recording. Its number is its place in the order in which modules were told.</summary>
/// <param name="Path">Where the host has it; a name in brackets for code without a file, as <c>[vdso]</c> or <c>[jit]</c>.</param>
/// <param name="BuildId">Its build id or PDB signature in hexadecimal; empty for none.</param>
/// <param name="Symbols">In one line how it fares with symbols: found where, stripped, or not found and where was looked.</param>
public sealed record RecordedModule(string Path, string BuildId, string Symbols);
