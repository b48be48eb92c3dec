using System.Collections.Immutable;

namespace WebVmMap.Hub.Recordings;

/// <summary>Lines of a source file, read on the host of a recording. Immutable.</summary>
/// <param name="FirstLine">Number of the first line, from 1.</param>
/// <param name="Lines">The lines.</param>
/// <param name="TotalLines">How many the file has.</param>
/// <param name="NewerThan">Path of the module that is older than the file, so that lines may have moved; empty when it is not, or nobody knows.</param>
public sealed record SourceLines(int FirstLine, ImmutableArray<string> Lines, int TotalLines, string NewerThan);
