using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// One function with those that call it and those that it calls. However often the function stands in a stack, that stack is counted once:
/// for the caller of its outermost call, and for what its innermost call calls, or for itself. So the callers together have what the
/// function has, and so have those that it calls together with itself. Immutable.
/// </summary>
/// <param name="Function">The function, and what goes through it.</param>
/// <param name="Own">What it allocates and frees itself.</param>
/// <param name="Callers">What calls it, by what goes from there through it; the root of the tree where nothing does.</param>
/// <param name="Callees">What it calls, by what goes through it to there.</param>
public sealed record CallNeighbours(CallNeighbour Function, AllocationFigures Own, ImmutableArray<CallNeighbour> Callers, ImmutableArray<CallNeighbour> Callees)
{
    /// <summary>Finds them.</summary>
    /// <param name="tree">A tree from the outermost function on; lines of one function are one in it, and nothing stands together as smaller.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="module">Path of its module; null for any.</param>
    /// <returns>Null where no call of it is in the tree.</returns>
    /// <exception cref="ArgumentException">It is a tree of another view.</exception>
    public static CallNeighbours? Of(CallTree tree, string function, string? module)
    {
        if (tree.Options.View != CallTreeView.TopDown)
        {
            throw new ArgumentException("Callers and callees are found in a tree from the outermost function on.");
        }
        bool Is(in CodePlace place) => place.Function == function && (module is null || place.Module == module);
        var nodes = tree.Nodes.AsSpan();
        // By node: its caller's node of the outermost call above or at it, -1 for none; and what its innermost call calls, itself for that.
        var (caller, callee) = (new int[nodes.Length], new int[nodes.Length]);
        caller[0] = -1;
        var (callers, callees) = (new Dictionary<CodePlace, AllocationFigures>(), new Dictionary<CodePlace, AllocationFigures>());
        var (total, own) = (default(AllocationFigures), default(AllocationFigures));
        var known = default(CodePlace);
        for (var node = 1; node < nodes.Length; node++)
        {
            ref readonly var told = ref nodes[node];
            if (Is(told.Place))
            {
                known = told.Place;
                caller[node] = caller[told.Parent] >= 0 ? caller[told.Parent] : told.Parent;
                callee[node] = node;
            }
            else
            {
                caller[node] = caller[told.Parent];
                callee[node] = callee[told.Parent] == told.Parent && caller[node] >= 0 ? -node : callee[told.Parent];
            }
            if (caller[node] < 0 || told.Own.IsZero)
            {
                continue;
            }
            total += told.Own;
            Add(callers, nodes[caller[node]].Place, told.Own);
            if (callee[node] == node)
            {
                own += told.Own;
            }
            else
            {
                Add(callees, nodes[-callee[node]].Place, told.Own);
            }
        }
        return known == default ? null : new(new CallNeighbour(known, total), own, InOrder(callers, tree), InOrder(callees, tree));
    }

    private static void Add(Dictionary<CodePlace, AllocationFigures> sums, CodePlace place, AllocationFigures figures)
    {
        // Lines of one function are one neighbour.
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, place with { File = "", Line = 0 }, out _);
        sum += figures;
    }

    private static ImmutableArray<CallNeighbour> InOrder(Dictionary<CodePlace, AllocationFigures> sums, CallTree tree) =>
    [
        .. sums.Select(sum => new CallNeighbour(sum.Key, sum.Value))
            .OrderByDescending(neighbour => neighbour.Total[tree.Options.Metric])
            .ThenBy(neighbour => neighbour.Place.Function, StringComparer.Ordinal)
            .ThenBy(neighbour => neighbour.Place.Module, StringComparer.Ordinal),
    ];
}
