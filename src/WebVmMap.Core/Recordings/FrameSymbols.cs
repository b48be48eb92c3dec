using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>What a frame's place is called, told when it is known, which may be after stacks with it are.</summary>
/// <param name="Frame">Number of the frame.</param>
/// <param name="Lines">Innermost first: functions that the compiler inlined there, then the function itself. Never empty.</param>
/// <param name="Module">Number of the module that its code is of, where that became known only now (code that a runtime compiled in memory); -1 for the one it was told with.</param>
public sealed record FrameSymbols(int Frame, ImmutableArray<CodeLine> Lines, int Module = -1);
