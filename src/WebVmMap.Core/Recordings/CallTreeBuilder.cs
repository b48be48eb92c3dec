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

    public CallTreeBuilder(RecordingState recording, CallTreeOptions options)
    {
        _recording = recording;
        _options = options;
        _places = new CodePlaces(recording, options);
        _nodes.Add(new Node(-1, _places.Number(CodePlace.Everything)));
    }

    public CallTree Build(SpanTotals span)
    {
        if (_options.View == CallTreeView.BottomUp)
        {
            AddFromWithin(span);
        }
        else
        {
            AddFromOutside(span);
        }
        Sum();
        return new CallTree(Order(), _options);
    }

    private void AddFromOutside(SpanTotals span)
    {
        // Only stacks of which something is told become nodes: those of the sites, and their callers, which have lower numbers.
        var wanted = new bool[_recording.Nodes.Count];
        for (var site = 0; site < span.Sites.Length; site++)
        {
            if (IsWanted(span, site) && _recording.Sites[site].Node >= 0)
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
        for (var site = 0; site < span.Sites.Length; site++)
        {
            if (IsWanted(span, site))
            {
                var told = _recording.Sites[site];
                Add(told.Node < 0 ? WithoutStack(told) : made[told.Node], span.Sites[site]);
            }
        }
    }

    private void AddFromWithin(SpanTotals span)
    {
        for (var site = 0; site < span.Sites.Length; site++)
        {
            if (!IsWanted(span, site))
            {
                continue;
            }
            var told = _recording.Sites[site];
            if (told.Node < 0)
            {
                Add(WithoutStack(told), span.Sites[site]);
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
            Add(at, span.Sites[site]);
        }
    }

    private bool IsWanted(SpanTotals span, int site) =>
        !span.Sites[site].IsZero && (_options.Kind is not { } kind || _recording.Sites[site].Kind == kind);

    private int WithoutStack(AllocationSite site) =>
        Child(0, _places.Number(site.BeforeRecording ? CodePlace.BeforeRecording : CodePlace.NoStack));

    private void Add(int node, AllocationFigures figures) => CollectionsMarshal.AsSpan(_nodes)[node].Own += figures;

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
                if (IsSameFunction(_nodes[at].Place, place))
                {
                    return at;
                }
            }
        }
        return Child(from, place);
    }

    private bool IsSameFunction(int a, int b) =>
        a == b || (_places[a].Function == _places[b].Function && _places[a].Module == _places[b].Module);

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
            if (at.Parent >= 0)
            {
                nodes[at.Parent].Total += at.Total;
            }
        }
    }

    /// <summary>The nodes as they are read, with the small ones of each parent as one.</summary>
    private ImmutableArray<CallTreeNode> Order()
    {
        var children = ChildrenInOrder(out var first);
        var least = _options.MinShare * _nodes[0].Total[_options.Metric];
        var result = ImmutableArray.CreateBuilder<CallTreeNode>(_nodes.Count);
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
            if (IsSmall(node, least))
            {
                // The order is by the metric, so all that follow are small too.
                AddSmaller(result, parent.Made, depth, children.AsSpan(parent.Next..parent.End));
                open.Push((parent.Made, parent.End, parent.End));
                continue;
            }
            open.Push((parent.Made, parent.Next + 1, parent.End));
            open.Push((result.Count, first[node], first[node + 1]));
            result.Add(new CallTreeNode(parent.Made, depth, 0, _places[_nodes[node].Place], _nodes[node].Own, _nodes[node].Total));
        }
        return result.DrainToImmutable();
    }

    private bool IsSmall(int node, double least) => _options.MinShare > 0 && _nodes[node].Total[_options.Metric] < least;

    private void AddSmaller(ImmutableArray<CallTreeNode>.Builder result, int parent, int depth, ReadOnlySpan<int> nodes)
    {
        var sum = default(AllocationFigures);
        foreach (var node in nodes)
        {
            sum += _nodes[node].Total;
        }
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
        var byFigure = _nodes[b].Total[_options.Metric].CompareTo(_nodes[a].Total[_options.Metric]);
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

    private record struct Node(int Parent, int Place)
    {
        public AllocationFigures Own;
        public AllocationFigures Total;
    }
}
