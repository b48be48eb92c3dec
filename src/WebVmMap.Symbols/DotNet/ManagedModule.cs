namespace WebVmMap.Symbols.DotNet;

/// <summary>A module of .NET code, as its runtime tells of it.</summary>
/// <param name="Path">Its file as the process has it; empty when it was made in memory.</param>
/// <param name="Signature">By which its program database is told from others; all zero for none.</param>
/// <param name="DatabasePath">Where its program database was when it was built.</param>
internal sealed record ManagedModule(string Path, Guid Signature, string DatabasePath);
