using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What a span of a recording allocated and freed, by who called whom. Nodes stand in the order in which they are read: a parent before
/// its children, siblings by the metric asked for, greatest first, and then by name. Immutable.
/// </summary>
public sealed class CallTree
{
    internal CallTree(ImmutableArray<CallTreeNode> nodes, CallTreeOptions options)
    {
        Nodes = nodes;
        Options = options;
    }

    /// <summary>The nodes; the first is the root, which is the whole.</summary>
    public ImmutableArray<CallTreeNode> Nodes { get; }

    /// <summary>How it was made.</summary>
    public CallTreeOptions Options { get; }

    /// <summary>The whole.</summary>
    public CallTreeNode Root => Nodes[0];

    /// <summary>Makes the tree of a span.</summary>
    public static CallTree Of(RecordingState recording, SpanTotals span, CallTreeOptions options) => new CallTreeBuilder(recording, options).Build(span);

    /// <summary>Numbers of the children of a node, in order.</summary>
    public IEnumerable<int> Children(int node)
    {
        for (var child = node + 1; child < Nodes[node].End; child = Nodes[child].End)
        {
            yield return child;
        }
    }
}
