using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>The lines of one call: of a tree in which lines of a function are one, which line has how much.</summary>
public static class CallLines
{
    /// <summary>Finds them, most of a figure first.</summary>
    /// <param name="apart">The tree of the same stacks with lines apart.</param>
    /// <param name="path">The call and what leads to it in the tree where they are together, from the root's child on.</param>
    /// <param name="metric">The figure.</param>
    /// <returns>Empty where the call is not in it.</returns>
    public static ImmutableArray<(int Line, AllocationFigures Figures)> Of(CallTree apart, IReadOnlyList<CodePlace> path, AllocationMetric metric)
    {
        var nodes = new List<int> { 0 };
        foreach (var place in path)
        {
            nodes = [.. nodes.SelectMany(node => apart.Children(node)).Where(child => apart.Nodes[child].Place with { Line = 0 } == place with { Line = 0 })];
        }
        return path.Count == 0 ? [] :
        [
            .. nodes.GroupBy(node => apart.Nodes[node].Place.Line)
                .Select(line => (line.Key, line.Aggregate(default(AllocationFigures), (sum, node) => sum + apart.Nodes[node].Total)))
                .OrderByDescending(line => line.Item2[metric]).ThenBy(line => line.Key),
        ];
    }
}
