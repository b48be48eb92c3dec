using System.Runtime.InteropServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Grid;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// A call tree as rows: what a filter finds, in what order, and which show. Built when the tree or the question changes, not with every
/// opened row. Immutable; thread-safe.
/// </summary>
public sealed class CallModel
{
    // A call below this share of its caller's is no longer the path that is meant.
    private const double HotShare = 0.5;

    // Where no call has the figure, as live bytes where all was freed again, what has one of these is what is looked for.
    private static readonly AllocationMetric[] s_otherwise = [AllocationMetric.AllocatedBytes, AllocationMetric.FreedBytes];

    private readonly bool[]? _matches;
    // Whether anything below matches.
    private readonly bool[]? _matchesBelow;

    private CallModel(CallTree tree, CallTreeTokens tokens, string filter, CallSort order, bool[]? matches)
    {
        Tree = tree;
        Tokens = tokens;
        Filter = filter;
        Order = order;
        _matches = matches;
        if (matches is not null)
        {
            _matchesBelow = new bool[matches.Length];
            for (var node = matches.Length - 1; node > 0; node--)
            {
                _matchesBelow[tree.Nodes[node].Parent] |= matches[node] || _matchesBelow[node];
                Matching += matches[node] ? 1 : 0;
            }
        }
    }

    /// <summary>The tree.</summary>
    public CallTree Tree { get; }

    /// <summary>What names its nodes.</summary>
    public CallTreeTokens Tokens { get; }

    /// <summary>What is searched for; empty for nothing.</summary>
    public string Filter { get; }

    /// <summary>How calls of one caller are ordered.</summary>
    public CallSort Order { get; }

    /// <summary>Whether a filter is in force.</summary>
    public bool IsFiltered => _matches is not null;

    /// <summary>How many calls the filter finds.</summary>
    public int Matching { get; }

    /// <summary>Builds the model.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="tokens">Those of the tree.</param>
    /// <param name="filter">A part of the name of a function, module or file, whatever its case; empty for all.</param>
    /// <param name="order">How calls of one caller are ordered.</param>
    public static CallModel Build(CallTree tree, CallTreeTokens tokens, string filter, CallSort order)
    {
        var wanted = filter.Trim();
        if (wanted.Length == 0)
        {
            return new(tree, tokens, "", order, null);
        }
        var answers = new Dictionary<CodePlace, bool>();
        var matches = new bool[tree.Nodes.Length];
        for (var node = 1; node < matches.Length; node++)
        {
            var place = tree.Nodes[node].Place;
            ref var answer = ref CollectionsMarshal.GetValueRefOrAddDefault(answers, place, out var isKnown);
            if (!isKnown)
            {
                answer = place.Function.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                    || place.Module.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                    || place.File.Contains(wanted, StringComparison.OrdinalIgnoreCase);
            }
            matches[node] = answer;
        }
        return new(tree, tokens, wanted, order, matches);
    }

    /// <summary>What the calls that match have of a figure, none of it counted twice where one calls the other.</summary>
    public long MatchingSum(AllocationMetric metric)
    {
        var sum = 0L;
        for (var node = 1; _matches is not null && node < _matches.Length;)
        {
            if (_matches[node])
            {
                sum += Tree.Value(node, metric);
                node = Tree.Nodes[node].End;
            }
            else
            {
                node++;
            }
        }
        return sum;
    }

    /// <summary>The rows that show.</summary>
    /// <param name="toggled">Calls whose openness is not the usual one: open is what leads to a match, and the whole.</param>
    /// <param name="held">The order to keep; null for that of the sort.</param>
    public List<CallRow> Rows(IReadOnlySet<ulong> toggled, HeldOrder<ulong>? held = null)
    {
        var rows = new List<CallRow>();
        var open = new Stack<int>();
        var children = new List<int>();
        open.Push(0);
        while (open.TryPop(out var node))
        {
            children.Clear();
            foreach (var child in Tree.Children(node))
            {
                if (Shows(child))
                {
                    children.Add(child);
                }
            }
            bool? expanded = children.Count == 0 ? null : IsOpen(node, toggled);
            rows.Add(new CallRow(node, expanded, _matches is null || _matches[node]));
            if (expanded != true)
            {
                continue;
            }
            var sorted = CollectionsMarshal.AsSpan(children);
            sorted.Sort(Compare);
            held?.Apply(sorted, child => Tokens.HashOf(child));
            // The last one pushed comes out first.
            for (var i = sorted.Length - 1; i >= 0; i--)
            {
                open.Push(sorted[i]);
            }
        }
        return rows;
    }

    /// <summary>Opens all above a node, so that it has a row.</summary>
    public void OpenAbove(int node, HashSet<ulong> toggled)
    {
        for (var at = Tree.Nodes[node].Parent; at >= 0; at = Tree.Nodes[at].Parent)
        {
            Open(at, toggled);
        }
    }

    /// <summary>
    /// Opens the path of most of a figure, from a node on, as long as one call has at least half of what its caller has. Between two spans
    /// that is the path of growth where the figure grew, and of shrinkage where it shrank; where it is as much as before, of what changed most.
    /// What was there before the recording is passed over: nobody knows whose it is, so it leads nowhere. Where no call has the figure, the path
    /// is that of what was allocated, or freed.
    /// </summary>
    /// <returns>The node that it ends at.</returns>
    public int OpenHotPath(int from, AllocationMetric metric, HashSet<ulong> toggled)
    {
        foreach (var child in Tree.Children(from))
        {
            if (Shows(child) && Tree.Nodes[child].Place != CodePlace.BeforeRecording && Tree.Value(child, metric) != 0)
            {
                return OpenPathOf(from, metric, toggled);
            }
        }
        foreach (var other in s_otherwise)
        {
            if (OpenPathOf(from, other, toggled) is var end && end != from)
            {
                return end;
            }
        }
        return from;
    }

    private int OpenPathOf(int from, AllocationMetric metric, HashSet<ulong> toggled)
    {
        var sign = Math.Sign(Tree.Value(from, metric));
        for (var node = from; ;)
        {
            var (most, whole) = (-1, Weight(node));
            foreach (var child in Tree.Children(node))
            {
                if (Tree.Nodes[child].Place == CodePlace.BeforeRecording)
                {
                    whole -= Weight(child);
                }
                else if (Shows(child) && (most < 0 || Weight(child) > Weight(most)))
                {
                    most = child;
                }
            }
            if (most < 0 || Weight(most) <= 0 || Weight(most) < HotShare * whole)
            {
                return node;
            }
            sign = sign != 0 ? sign : Math.Sign(Tree.Value(most, metric));
            Open(node, toggled);
            node = most;
        }

        long Weight(int node) => sign == 0 ? Math.Abs(Tree.Value(node, metric)) : sign * Tree.Value(node, metric);
    }

    // Of a path that leads to a match all shows that is on it, and all that is called by a match.
    private bool Shows(int node)
    {
        if (_matches is null || _matches[node] || _matchesBelow![node])
        {
            return true;
        }
        for (var at = Tree.Nodes[node].Parent; at > 0; at = Tree.Nodes[at].Parent)
        {
            if (_matches[at])
            {
                return true;
            }
        }
        return false;
    }

    private bool IsOpen(int node, IReadOnlySet<ulong> toggled) =>
        (node == 0 || _matchesBelow?[node] == true) != toggled.Contains(Tokens.HashOf(node));

    private void Open(int node, HashSet<ulong> toggled)
    {
        if (!IsOpen(node, toggled) && !toggled.Remove(Tokens.HashOf(node)))
        {
            toggled.Add(Tokens.HashOf(node));
        }
    }

    private int Compare(int a, int b)
    {
        var order = Order.Metric is { } metric ? Tree.Value(a, metric).CompareTo(Tree.Value(b, metric)) : string.Compare(Tree.Nodes[a].Place.Function, Tree.Nodes[b].Place.Function, StringComparison.OrdinalIgnoreCase);
        order = Order.Descending ? -order : order;
        // Where they are equal, as the tree has them.
        return order != 0 ? order : a.CompareTo(b);
    }
}
