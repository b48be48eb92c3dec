using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>What a frame's place is called, told when it is known, which may be after stacks with it are.</summary>
/// <param name="Frame">Number of the frame.</param>
/// <param name="Lines">Innermost first: functions that the compiler inlined there, then the function itself. Never empty.</param>
public sealed record FrameSymbols(int Frame, ImmutableArray<CodeLine> Lines);
