using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// Builds one call tree. Its nodes are made parents first; sums, order and shares are worked out at the end. Nothing here recurses: stacks
/// are as deep as the recorded program's.
/// </summary>
internal sealed class CallTreeBuilder
{
    private readonly RecordingState _recording;
    private readonly CallTreeOptions _options;
    private readonly CodePlaces _places;
    private readonly Dictionary<(int Parent, int Place), int> _children = [];
    private readonly List<Node> _nodes = [];
    // Set before anything reads it.
    private SpanTotals _span = null!;
    private SpanTotals? _before;
    private long _least;

    public CallTreeBuilder(RecordingState recording, CallTreeOptions options)
    {
        _recording = recording;
        _options = options;
        _places = new CodePlaces(recording, options);
        _nodes.Add(new Node(-1, _places.Number(CodePlace.Everything)));
    }

    public CallTree Build(SpanTotals span, SpanTotals? before)
    {
        (_span, _before) = (span, before);
        if (_options.View == CallTreeView.BottomUp)
        {
            AddFromWithin();
        }
        else
        {
            AddFromOutside();
        }
        Sum();
        return Order();
    }

    private void AddFromOutside()
    {
        // Only stacks of which something is told become nodes: those of the sites, and their callers, which have lower numbers.
        var wanted = new bool[_recording.Nodes.Count];
        for (var site = 0; site < SiteCount; site++)
        {
            if (IsWanted(site) && _recording.Sites[site].Node >= 0)
            {
                wanted[_recording.Sites[site].Node] = true;
            }
        }
        for (var node = wanted.Length - 1; node >= 0; node--)
        {
            if (wanted[node] && _recording.Nodes[node].Parent >= 0)
            {
                wanted[_recording.Nodes[node].Parent] = true;
            }
        }
        var made = new int[wanted.Length];
        for (var node = 0; node < wanted.Length; node++)
        {
            if (wanted[node])
            {
                var (parent, frame) = _recording.Nodes[node];
                var at = parent < 0 ? 0 : made[parent];
                foreach (var place in _places.Of(frame))
                {
                    at = Step(at, place);
                }
                made[node] = at;
            }
        }
        for (var site = 0; site < SiteCount; site++)
        {
            if (IsWanted(site))
            {
                var told = _recording.Sites[site];
                Add(told.Node < 0 ? WithoutStack(told) : made[told.Node], site);
            }
        }
    }

    private void AddFromWithin()
    {
        for (var site = 0; site < SiteCount; site++)
        {
            if (!IsWanted(site))
            {
                continue;
            }
            var told = _recording.Sites[site];
            if (told.Node < 0)
            {
                Add(WithoutStack(told), site);
                continue;
            }
            var at = 0;
            for (var node = told.Node; node >= 0; node = _recording.Nodes[node].Parent)
            {
                var places = _places.Of(_recording.Nodes[node].Frame);
                for (var i = places.Length - 1; i >= 0; i--)
                {
                    at = Step(at, places[i]);
                }
            }
            Add(at, site);
        }
    }

    // The two may know of different numbers of sites, when one was read before the other.
    private int SiteCount => Math.Max(_span.Sites.Length, _before?.Sites.Length ?? 0);

    private AllocationFigures Now(int site) => site < _span.Sites.Length ? _span.Sites[site] : default;

    private AllocationFigures Before(int site) => _before is { } before && site < before.Sites.Length ? before.Sites[site] : default;

    private bool IsWanted(int site) =>
        !(Now(site).IsZero && Before(site).IsZero) && _options.Takes(_recording.Sites[site]);

    private int WithoutStack(AllocationSite site) =>
        Child(0, _places.Number(site.BeforeRecording ? CodePlace.BeforeRecording : CodePlace.NoStack));

    private void Add(int node, int site)
    {
        ref var at = ref CollectionsMarshal.AsSpan(_nodes)[node];
        at.Own += Now(site);
        at.OwnBefore += Before(site);
    }

    /// <summary>The node for a place that is called from a node, or that it calls.</summary>
    private int Step(int from, int place)
    {
        if (_options.View == CallTreeView.ByModule && _nodes[from].Place == place)
        {
            return from;
        }
        if (_options.CollapseRecursion)
        {
            for (var at = from; at > 0; at = _nodes[at].Parent)
            {
                if (_places.IsSameFunction(_nodes[at].Place, place))
                {
                    return at;
                }
            }
        }
        return Child(from, place);
    }

    private int Child(int parent, int place)
    {
        ref var child = ref CollectionsMarshal.GetValueRefOrAddDefault(_children, (parent, place), out var known);
        if (!known)
        {
            child = _nodes.Count;
            _nodes.Add(new Node(parent, place));
        }
        return child;
    }

    private void Sum()
    {
        var nodes = CollectionsMarshal.AsSpan(_nodes);
        for (var node = nodes.Length - 1; node >= 0; node--)
        {
            ref var at = ref nodes[node];
            at.Total += at.Own;
            at.TotalBefore += at.OwnBefore;
            if (at.Parent >= 0)
            {
                nodes[at.Parent].Total += at.Total;
                nodes[at.Parent].TotalBefore += at.TotalBefore;
            }
        }
    }

    /// <summary>The nodes as they are read, with the small ones of each parent as one.</summary>
    private CallTree Order()
    {
        _least = (long)Math.Ceiling(_options.MinShare * Largest(0));
        var cut = Cut();
        var children = ChildrenInOrder(out var first);
        var room = Math.Min(_nodes.Count, _options.MaxNodes ?? int.MaxValue);
        var before = _before is null ? null : ImmutableArray.CreateBuilder<AllocationFigures>(room);
        before?.Add(_nodes[0].OwnBefore);
        var result = ImmutableArray.CreateBuilder<CallTreeNode>(room);
        var open = new Stack<(int Made, int Next, int End)>();
        result.Add(new CallTreeNode(-1, 0, 0, _places[_nodes[0].Place], _nodes[0].Own, _nodes[0].Total));
        open.Push((0, first[0], first[1]));
        while (open.TryPop(out var parent))
        {
            if (parent.Next == parent.End)
            {
                result[parent.Made] = result[parent.Made] with { End = result.Count };
                continue;
            }
            var node = children[parent.Next];
            var depth = open.Count + 1;
            if (IsSmall(node))
            {
                // All that follow are small too: they stand last.
                AddSmaller(result, before, parent.Made, depth, children.AsSpan(parent.Next..parent.End));
                open.Push((parent.Made, parent.End, parent.End));
                continue;
            }
            open.Push((parent.Made, parent.Next + 1, parent.End));
            open.Push((result.Count, first[node], first[node + 1]));
            result.Add(new CallTreeNode(parent.Made, depth, 0, _places[_nodes[node].Place], _nodes[node].Own, _nodes[node].Total));
            before?.Add(_nodes[node].OwnBefore);
        }
        return new CallTree(result.DrainToImmutable(), _options, before?.DrainToImmutable() ?? default) { Cut = cut };
    }

    private CallTreeCut? Cut()
    {
        if (_options.MaxNodes is not { } most || _nodes.Count <= most)
        {
            return null;
        }
        var parents = new int[_nodes.Count];
        var figures = new long[_nodes.Count];
        for (var node = 0; node < parents.Length; node++)
        {
            (parents[node], figures[node]) = (_nodes[node].Parent, Largest(node));
        }
        var cut = CallTreeCut.Find(parents, figures, most, _least);
        _least = cut?.Below ?? _least;
        return cut;
    }

    // Of two spans what has much in either is not small.
    private long Largest(int node) => Math.Max(_nodes[node].Total[_options.Metric], _nodes[node].TotalBefore[_options.Metric]);

    private bool IsSmall(int node) => Largest(node) < _least;

    private void AddSmaller(ImmutableArray<CallTreeNode>.Builder result, ImmutableArray<AllocationFigures>.Builder? before, int parent, int depth, ReadOnlySpan<int> nodes)
    {
        var (sum, sumBefore) = (default(AllocationFigures), default(AllocationFigures));
        foreach (var node in nodes)
        {
            sum += _nodes[node].Total;
            sumBefore += _nodes[node].TotalBefore;
        }
        before?.Add(sumBefore);
        result.Add(new CallTreeNode(parent, depth, result.Count + 1, CodePlace.Smaller, sum, sum));
    }

    /// <summary>Numbers of all nodes but the root by parent, siblings in order; those of a parent begin at <paramref name="first"/>.</summary>
    private int[] ChildrenInOrder(out int[] first)
    {
        first = new int[_nodes.Count + 1];
        for (var node = 1; node < _nodes.Count; node++)
        {
            first[_nodes[node].Parent + 1]++;
        }
        for (var node = 0; node < _nodes.Count; node++)
        {
            first[node + 1] += first[node];
        }
        var next = first.AsSpan(0, _nodes.Count).ToArray();
        var children = new int[_nodes.Count - 1];
        for (var node = 1; node < _nodes.Count; node++)
        {
            children[next[_nodes[node].Parent]++] = node;
        }
        for (var node = 0; node < _nodes.Count; node++)
        {
            if (first[node + 1] - first[node] > 1)
            {
                children.AsSpan(first[node]..first[node + 1]).Sort(Compare);
            }
        }
        return children;
    }

    private int Compare(int a, int b)
    {
        if (IsSmall(a) != IsSmall(b))
        {
            return IsSmall(a) ? 1 : -1;
        }
        var byFigure = Weight(b).CompareTo(Weight(a));
        if (byFigure != 0)
        {
            return byFigure;
        }
        var (one, other) = (_places[_nodes[a].Place], _places[_nodes[b].Place]);
        var byName = string.CompareOrdinal(one.Function, other.Function);
        byName = byName != 0 ? byName : string.CompareOrdinal(one.Module, other.Module);
        byName = byName != 0 ? byName : string.CompareOrdinal(one.File, other.File);
        return byName != 0 ? byName : one.Line.CompareTo(other.Line);
    }

    // Of two spans, what changed most stands first, whichever way.
    private long Weight(int node) => Math.Abs(_nodes[node].Total[_options.Metric] - _nodes[node].TotalBefore[_options.Metric]);

    private record struct Node(int Parent, int Place)
    {
        public AllocationFigures Own;
        public AllocationFigures Total;
        public AllocationFigures OwnBefore;
        public AllocationFigures TotalBefore;
    }
}
