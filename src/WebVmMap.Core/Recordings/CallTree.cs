using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What a span of a recording allocated and freed, by who called whom. Nodes stand in the order in which they are read: a parent before
/// its children, siblings by the metric asked for, greatest first, and then by name. Immutable.
/// </summary>
public sealed class CallTree
{
    internal CallTree(ImmutableArray<CallTreeNode> nodes, CallTreeOptions options, ImmutableArray<AllocationFigures> before = default)
    {
        Nodes = nodes;
        Options = options;
        BeforeOwn = before;
        if (before.IsDefault)
        {
            return;
        }
        var total = before.ToArray();
        for (var node = total.Length - 1; node > 0; node--)
        {
            total[nodes[node].Parent] += total[node];
        }
        Before = ImmutableCollectionsMarshal.AsImmutableArray(total);
    }

    /// <summary>The nodes; the first is the root, which is the whole.</summary>
    public ImmutableArray<CallTreeNode> Nodes { get; }

    /// <summary>What each node and all below it had in the span that this one is compared with; the default where it is compared with none.</summary>
    public ImmutableArray<AllocationFigures> Before { get; }

    /// <summary>What each node had itself in that span.</summary>
    public ImmutableArray<AllocationFigures> BeforeOwn { get; }

    /// <summary>Whether another span is compared with: then there are also nodes that only that one has.</summary>
    public bool IsCompared => !Before.IsDefault;

    /// <summary>How it was made.</summary>
    public CallTreeOptions Options { get; }

    /// <summary>What is not told one by one because there was too much of it; null where nothing had to be left out.</summary>
    public CallTreeCut? Cut { get; internal init; }

    /// <summary>The whole.</summary>
    public CallTreeNode Root => Nodes[0];

    /// <summary>Makes the tree of a span.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="span">The span.</param>
    /// <param name="options">How.</param>
    /// <param name="before">Another span to compare it with; null for none.</param>
    public static CallTree Of(RecordingState recording, SpanTotals span, CallTreeOptions options, SpanTotals? before = null) =>
        new CallTreeBuilder(recording, options).Build(span, before);

    /// <summary>A figure of a node with all below it; where spans are compared, how much more it is than before.</summary>
    public long Value(int node, AllocationMetric metric) => Nodes[node].Total[metric] - (IsCompared ? Before[node][metric] : 0);

    /// <summary>Numbers of the children of a node, in order.</summary>
    public IEnumerable<int> Children(int node)
    {
        for (var child = node + 1; child < Nodes[node].End; child = Nodes[child].End)
        {
            yield return child;
        }
    }
}
