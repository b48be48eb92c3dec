namespace WebVmMap.Core.Recordings;

/// <summary>What a call tree does not tell one by one because it would have more nodes than it may (<see cref="CallTreeOptions.MaxNodes"/>). Immutable.</summary>
/// <param name="Calls">How many calls stand together with their siblings for it.</param>
/// <param name="Below">They have less than this of the metric that the tree is ordered by.</param>
public sealed record CallTreeCut(int Calls, long Below)
{
    /// <summary>Finds how small calls may be that a tree of so many nodes tells one by one: as many of them as there is room for.</summary>
    /// <param name="parents">The parent of each node; the first is the root.</param>
    /// <param name="figures">What each has of the metric: never more than its parent.</param>
    /// <param name="maxNodes">Most nodes, with the root and those that stand for smaller ones.</param>
    /// <param name="least">Smaller ones stand together in any case.</param>
    /// <returns>Null where there is room for all.</returns>
    internal static CallTreeCut? Find(ReadOnlySpan<int> parents, ReadOnlySpan<long> figures, int maxNodes, long least)
    {
        if (parents.Length <= maxNodes)
        {
            return null;
        }
        var left = new int[parents.Length];
        for (var node = 1; node < parents.Length; node++)
        {
            left[parents[node]]++;
        }
        var order = new int[parents.Length - 1];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i + 1;
        }
        var smallestFirst = figures[1..].ToArray();
        Array.Sort(smallestFirst, order);

        var isTold = new bool[parents.Length];
        isTold[0] = true;
        // The root, and what stands for all of its children.
        var nodes = 2;
        var below = figures[0] + 1;
        for (var i = order.Length - 1; i >= 0 && smallestFirst[i] >= least; i--)
        {
            var node = order[i];
            isTold[node] = true;
            nodes += left[node] > 0 ? 2 : 1;
            // Where all children of a node are told, nothing has to stand for the rest of them.
            if (--left[parents[node]] == 0 && isTold[parents[node]])
            {
                nodes--;
            }
            if (nodes > maxNodes)
            {
                // Of equal ones all are told or none: which of them came first would be chance.
                return new CallTreeCut(smallestFirst.Count(figure => figure >= least && figure < below), below);
            }
            if (i == 0 || smallestFirst[i - 1] != smallestFirst[i])
            {
                below = smallestFirst[i];
            }
        }
        return null;
    }
}
