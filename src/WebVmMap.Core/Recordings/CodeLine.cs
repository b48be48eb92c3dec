namespace WebVmMap.Core.Recordings;

/// <summary>A function at a place in code, and where its source is.</summary>
/// <param name="Function">Its name as a person reads it (demangled); empty when unknown.</param>
/// <param name="File">The source file as the compiler was given it; empty when unknown.</param>
/// <param name="Line">The line, from 1; 0 when unknown.</param>
public readonly record struct CodeLine(string Function, string File, int Line);
