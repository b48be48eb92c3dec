using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>A call tree of a recording as it is at one moment. Immutable.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Tokens">What names its nodes.</param>
/// <param name="Intervals">How many intervals the recording had.</param>
/// <param name="IsCut">Whether very small calls stand together, because there were too many.</param>
/// <param name="Earlier">How much earlier than asked the span begins, because a long one is not told apart so finely; zero mostly.</param>
public sealed record CallTreeMoment(CallTree Tree, CallTreeTokens Tokens, int Intervals, bool IsCut, TimeSpan Earlier = default)
{
    /// <summary>What the span has by the size of its blocks, whatever size the tree is of.</summary>
    public ImmutableArray<(byte SizeClass, AllocationFigures Figures)> Sizes { get; init; } = [];
}
