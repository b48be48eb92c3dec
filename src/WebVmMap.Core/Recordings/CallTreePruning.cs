using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>Takes calls out of a call tree. Nothing here recurses: trees are as deep as the recorded program's stacks.</summary>
public static class CallTreePruning
{
    /// <summary>
    /// The tree without the calls of some places: what they did themselves counts for the nearest call above that stays, and what they
    /// call stands below it, together with what it calls itself. The whole, and every sum, stays what it was.
    /// </summary>
    /// <param name="tree">The tree.</param>
    /// <param name="isHidden">Asked once for each place.</param>
    public static CallTree Without(this CallTree tree, Func<CodePlace, bool> isHidden)
    {
        var answers = new Dictionary<CodePlace, bool>();
        var children = new Dictionary<(int Parent, CodePlace Place), int>();
        var kept = new List<Kept> { new(-1, tree.Root.Place) };
        var places = new int[tree.Nodes.Length];
        CollectionsMarshal.AsSpan(kept)[0].Own = tree.Root.Own;
        CollectionsMarshal.AsSpan(kept)[0].Before = tree.IsCompared ? tree.BeforeOwn[0] : default;
        for (var node = 1; node < places.Length; node++)
        {
            ref readonly var told = ref tree.Nodes.ItemRef(node);
            ref var hidden = ref CollectionsMarshal.GetValueRefOrAddDefault(answers, told.Place, out var isKnown);
            if (!isKnown)
            {
                hidden = isHidden(told.Place);
            }
            var at = places[told.Parent];
            if (!hidden)
            {
                ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(children, (at, told.Place), out isKnown);
                if (!isKnown)
                {
                    child = kept.Count;
                    kept.Add(new Kept(at, told.Place));
                }
                at = child;
            }
            places[node] = at;
            ref var into = ref CollectionsMarshal.AsSpan(kept)[at];
            into.Own += told.Own;
            into.Before += tree.IsCompared ? tree.BeforeOwn[node] : default;
        }
        return kept.Count == places.Length ? tree : Order(CollectionsMarshal.AsSpan(kept), tree);
    }

    private static CallTree Order(Span<Kept> kept, CallTree tree)
    {
        var metric = tree.Options.Metric;
        // Parents were kept before their children.
        for (var node = kept.Length - 1; node >= 0; node--)
        {
            kept[node].Total += kept[node].Own;
            kept[node].TotalBefore += kept[node].Before;
            if (node > 0)
            {
                kept[kept[node].Parent].Total += kept[node].Total;
                kept[kept[node].Parent].TotalBefore += kept[node].TotalBefore;
            }
        }
        var order = new int[kept.Length - 1];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i + 1;
        }
        var all = kept.ToArray();
        Array.Sort(order, (a, b) => all[a].Parent != all[b].Parent ? all[a].Parent.CompareTo(all[b].Parent) : Compare(all[a], all[b], metric));
        var first = new int[all.Length + 1];
        foreach (var node in order)
        {
            first[all[node].Parent + 1]++;
        }
        for (var node = 0; node < all.Length; node++)
        {
            first[node + 1] += first[node];
        }
        var result = ImmutableArray.CreateBuilder<CallTreeNode>(all.Length);
        var before = ImmutableArray.CreateBuilder<AllocationFigures>(all.Length);
        before.Add(all[0].Before);
        var open = new Stack<(int Made, int Next, int End)>();
        result.Add(new CallTreeNode(-1, 0, 0, all[0].Place, all[0].Own, all[0].Total));
        open.Push((0, first[0], first[1]));
        while (open.TryPop(out var parent))
        {
            if (parent.Next == parent.End)
            {
                result[parent.Made] = result[parent.Made] with { End = result.Count };
                continue;
            }
            var node = order[parent.Next];
            open.Push(parent with { Next = parent.Next + 1 });
            open.Push((result.Count, first[node], first[node + 1]));
            result.Add(new CallTreeNode(parent.Made, open.Count - 1, 0, all[node].Place, all[node].Own, all[node].Total));
            before.Add(all[node].Before);
        }
        return new CallTree(result.DrainToImmutable(), tree.Options, tree.IsCompared ? before.DrainToImmutable() : default) { Cut = tree.Cut };
    }

    private static int Compare(in Kept a, in Kept b, AllocationMetric metric)
    {
        var byFigure = Math.Abs(b.Total[metric] - b.TotalBefore[metric]).CompareTo(Math.Abs(a.Total[metric] - a.TotalBefore[metric]));
        if (byFigure != 0)
        {
            return byFigure;
        }
        var byName = string.CompareOrdinal(a.Place.Function, b.Place.Function);
        byName = byName != 0 ? byName : string.CompareOrdinal(a.Place.Module, b.Place.Module);
        byName = byName != 0 ? byName : string.CompareOrdinal(a.Place.File, b.Place.File);
        return byName != 0 ? byName : a.Place.Line.CompareTo(b.Place.Line);
    }

    private struct Kept(int parent, CodePlace place)
    {
        public readonly int Parent = parent;
        public readonly CodePlace Place = place;
        public AllocationFigures Own;
        public AllocationFigures Total;
        public AllocationFigures Before;
        public AllocationFigures TotalBefore;
    }
}
