using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// A recording up to some interval: its code, stacks and sites, what each site allocated and freed in all, and the timeline.
/// It is built by giving it every interval in order. Not thread-safe.
/// </summary>
public sealed class RecordingState
{
    private readonly List<RecordedModule> _modules = [];
    private readonly List<RecordedFrame> _frames = [];
    private readonly List<ImmutableArray<CodeLine>> _lines = [];
    private readonly List<RecordedNode> _nodes = [];
    private readonly List<AllocationSite> _sites = [];
    private readonly List<SiteCounts> _counts = [];
    private readonly List<RecordingMoment> _timeline = [];
    private AllocationFigures _total;
    private AllocationFigures _virtual;
    private long _textLength;
    private long _told;

    /// <summary>Modules by their number.</summary>
    public IReadOnlyList<RecordedModule> Modules => _modules;

    /// <summary>Frames by their number.</summary>
    public IReadOnlyList<RecordedFrame> Frames => _frames;

    /// <summary>Nodes by their number; a parent's is lower than its children's.</summary>
    public IReadOnlyList<RecordedNode> Nodes => _nodes;

    /// <summary>Sites by their number.</summary>
    public IReadOnlyList<AllocationSite> Sites => _sites;

    /// <summary>One point for each interval.</summary>
    public IReadOnlyList<RecordingMoment> Timeline => _timeline;

    /// <summary>How many intervals were applied; the number of the next.</summary>
    public int Intervals => _timeline.Count;

    /// <summary>All that came from the allocator, from the beginning until now. Never summed with <see cref="Virtual"/>: the allocator's blocks lie in memory of the system.</summary>
    public AllocationFigures Total => _total;

    /// <summary>All that the program got from the system itself, from the beginning until now; a reserve of gigabytes counts whole, touched or not.</summary>
    public AllocationFigures Virtual => _virtual;

    /// <summary>How the recording fared at the end of the last interval.</summary>
    public RecordingHealth Health { get; private set; } = new();

    /// <summary>A measure of its memory: about how many bytes it takes.</summary>
    public long Footprint =>
        (_frames.Count * 24L) + (_nodes.Count * 8L) + (_sites.Count * 64L) + (_timeline.Count * 80L) + (_textLength * 2L);

    /// <summary>The names of a frame, innermost first; empty while none are known.</summary>
    public ImmutableArray<CodeLine> Lines(int frame) => _lines[frame];

    /// <summary>What a site did from the beginning until now. Blocks from before the recording are live until they are freed, but were not allocated in it.</summary>
    public AllocationFigures FiguresOf(int site) => _counts[site].Figures(_sites[site].BeforeRecording);

    /// <summary>Applies the next interval, wholly or not at all.</summary>
    /// <exception cref="InvalidDataException">It is not the next, refers to what was not told, or frees more than there is; the message says which.</exception>
    public void Apply(RecordingInterval interval)
    {
        Check(interval);
        foreach (var module in interval.Modules)
        {
            _modules.Add(module);
            _textLength += module.Path.Length + module.Symbols.Length;
        }
        _frames.AddRange(interval.Frames);
        for (var i = 0; i < interval.Frames.Length; i++)
        {
            _lines.Add([]);
        }
        _nodes.AddRange(interval.Nodes);
        _sites.AddRange(interval.Sites);
        CollectionsMarshal.SetCount(_counts, _sites.Count);
        foreach (var symbols in interval.Symbols)
        {
            _lines[symbols.Frame] = symbols.Lines;
            foreach (var line in symbols.Lines)
            {
                _textLength += line.Function.Length + line.File.Length;
            }
        }
        _told = Sum(interval);
        var before = _total;
        foreach (var change in interval.Allocated)
        {
            Change(change.Site, new SiteCounts(change.Blocks, change.Bytes, 0, 0));
        }
        foreach (var change in interval.Freed)
        {
            Change(change.Site, new SiteCounts(0, 0, change.Blocks, change.Bytes));
        }
        Health = interval.Health;
        _timeline.Add(new RecordingMoment(
            interval.EndedAt,
            _total.LiveBytes,
            _total.LiveBlocks,
            _total.AllocatedBytes - before.AllocatedBytes,
            _total.Allocations - before.Allocations,
            _total.FreedBytes - before.FreedBytes,
            _total.Frees - before.Frees,
            _virtual.LiveBytes));
    }

    private void Change(int site, SiteCounts change)
    {
        ref var counts = ref CollectionsMarshal.AsSpan(_counts)[site];
        var told = _sites[site];
        var was = counts.Figures(told.BeforeRecording);
        counts = counts.Add(change);
        var now = counts.Figures(told.BeforeRecording);
        ref var total = ref (told.Kind == AllocationKind.Heap ? ref _total : ref _virtual);
        total = new AllocationFigures(
            total.LiveBytes + now.LiveBytes - was.LiveBytes,
            total.LiveBlocks + now.LiveBlocks - was.LiveBlocks,
            total.AllocatedBytes + now.AllocatedBytes - was.AllocatedBytes,
            total.Allocations + now.Allocations - was.Allocations,
            total.FreedBytes + now.FreedBytes - was.FreedBytes,
            total.Frees + now.Frees - was.Frees);
    }

    private void Check(RecordingInterval interval)
    {
        if (interval.Index != Intervals)
        {
            throw new InvalidDataException($"Interval {interval.Index} does not follow: {Intervals} is next.");
        }
        if (_timeline.Count > 0 && interval.EndedAt < _timeline[^1].EndedAt)
        {
            throw new InvalidDataException($"Interval {interval.Index} ends before the one before it.");
        }
        var modules = Room(_modules.Count, interval.Modules.Length, RecordingLimits.MaxModules, "modules");
        var frames = Room(_frames.Count, interval.Frames.Length, RecordingLimits.MaxFrames, "frames");
        var nodes = Room(_nodes.Count, interval.Nodes.Length, RecordingLimits.MaxNodes, "nodes");
        var sites = Room(_sites.Count, interval.Sites.Length, RecordingLimits.MaxSites, "sites");
        Room(_timeline.Count, 1, RecordingLimits.MaxIntervals, "intervals");
        foreach (var frame in interval.Frames)
        {
            Refer(frame.Module, -1, modules, "A frame", "module");
        }
        for (var i = 0; i < interval.Nodes.Length; i++)
        {
            Refer(interval.Nodes[i].Parent, -1, _nodes.Count + i, "A node", "parent");
            Refer(interval.Nodes[i].Frame, 0, frames, "A node", "frame");
        }
        foreach (var site in interval.Sites)
        {
            Refer(site.Node, -1, nodes, "A site", "node");
        }
        foreach (var symbols in interval.Symbols)
        {
            Refer(symbols.Frame, 0, frames, "A name", "frame");
        }
        Sum(interval);
        CheckChanges(interval, sites);
    }

    /// <summary>What a site freed may never be more than what it had allocated, or the figures of some span would be negative.</summary>
    private void CheckChanges(RecordingInterval interval, int sites)
    {
        var changes = new Dictionary<int, SiteCounts>(interval.Freed.Length);
        foreach (var change in interval.Freed)
        {
            Refer(change.Site, 0, sites, "A free", "site");
            Refer(change.Born, -1, interval.Index + 1, "A free", "birth");
            var site = Site(interval, change.Site);
            if (site.BeforeRecording != change.Born < 0)
            {
                throw new InvalidDataException($"Site {change.Site} and the birth {change.Born} of what it freed do not agree on whether that was before the recording.");
            }
            if (!site.BeforeRecording)
            {
                ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, change.Site, out _);
                counts = counts.Add(new SiteCounts(0, 0, change.Blocks, change.Bytes));
            }
        }
        foreach (var change in interval.Allocated)
        {
            Refer(change.Site, 0, sites, "An allocation", "site");
            ref var counts = ref CollectionsMarshal.GetValueRefOrNullRef(changes, change.Site);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref counts))
            {
                counts = counts.Add(new SiteCounts(change.Blocks, change.Bytes, 0, 0));
            }
        }
        foreach (var (site, change) in changes)
        {
            var counts = site < _counts.Count ? _counts[site].Add(change) : change;
            if (counts.FreedBlocks > counts.Blocks || counts.FreedBytes > counts.Bytes)
            {
                throw new InvalidDataException($"Site {site} freed more than it had allocated.");
            }
        }
    }

    private AllocationSite Site(RecordingInterval interval, int site) =>
        site < _sites.Count ? _sites[site] : interval.Sites[site - _sites.Count];

    private static int Room(int count, int more, int max, string what) => count + more <= max
        ? count + more
        : throw new InvalidDataException($"A recording holds at most {max} {what}.");

    private static void Refer(int number, int min, int end, string who, string what)
    {
        if (number < min || number >= end)
        {
            throw new InvalidDataException($"{who} refers to {what} {number}, which was not told.");
        }
    }

    /// <summary>All that was ever told together stays far below what would overflow: more than any machine could allocate in years.</summary>
    private long Sum(RecordingInterval interval)
    {
        const long Max = 1L << 60;
        var sum = _told;
        foreach (var change in interval.Allocated)
        {
            Add(change.Blocks);
            Add(change.Bytes);
        }
        foreach (var change in interval.Freed)
        {
            Add(change.Blocks);
            Add(change.Bytes);
        }
        return sum;

        void Add(long value) => sum = value >= 0 && value <= Max - sum
            ? sum + value
            : throw new InvalidDataException("A number of blocks or bytes is negative or too large.");
    }
}
