using System.Runtime.InteropServices;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Stacks;

/// <summary>The stacks of all threads, each once: a tree of frames, and the sites on it that allocate. Not thread-safe.</summary>
internal sealed class SiteTable
{
    private readonly Dictionary<ulong, int> _frameOf = [];
    private readonly Numbering<RecordedFrame> _frames = new();
    private readonly Numbering<RecordedNode> _nodes = new();
    private readonly Numbering<AllocationSite> _sites = new();
    private readonly ulong[] _lastAddresses = new ulong[Ring.RingLayout.MaxFrames];
    private readonly int[] _lastNodes = new int[Ring.RingLayout.MaxFrames];
    private int _lastDepth;
    private int _epoch;

    /// <summary>All frames, by number.</summary>
    public PartedList<RecordedFrame> Frames => _frames.All;

    /// <summary>All nodes, by number.</summary>
    public PartedList<RecordedNode> Nodes => _nodes.All;

    /// <summary>All sites, by number.</summary>
    public PartedList<AllocationSite> Sites => _sites.All;

    /// <summary>The node of a stack.</summary>
    /// <param name="addresses">Return addresses, innermost first.</param>
    /// <param name="modules">Where they lie.</param>
    public int Node(ReadOnlySpan<ulong> addresses, ModuleMap modules)
    {
        if (_epoch != modules.Epoch)
        {
            _epoch = modules.Epoch;
            _frameOf.Clear();
            _lastDepth = 0;
        }
        // Most stacks are the one before but for their inner end.
        var depth = 0;
        while (depth < _lastDepth && depth < addresses.Length && _lastAddresses[depth] == addresses[^(depth + 1)])
        {
            depth++;
        }
        var node = depth == 0 ? -1 : _lastNodes[depth - 1];
        for (; depth < addresses.Length; depth++)
        {
            var address = addresses[^(depth + 1)];
            ref var frame = ref CollectionsMarshal.GetValueRefOrAddDefault(_frameOf, address, out var exists);
            if (!exists)
            {
                frame = _frames.Of(modules.Frame(address));
            }
            node = _nodes.Of(new RecordedNode(node, frame));
            (_lastAddresses[depth], _lastNodes[depth]) = (address, node);
        }
        _lastDepth = depth;
        return node;
    }

    /// <summary>The site of a stack and a kind.</summary>
    public int Site(AllocationSite site) => _sites.Of(site);
}
