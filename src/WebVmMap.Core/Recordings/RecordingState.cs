using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// A recording up to some interval: its code, stacks and sites, what each site allocated and freed in all, and the timeline.
/// It is built by giving it every interval in order. Not thread-safe.
/// </summary>
public sealed class RecordingState
{
    private readonly GrowingList<RecordedModule> _modules = new();
    private readonly GrowingList<RecordedFrame> _frames = new();
    private readonly GrowingList<ImmutableArray<CodeLine>> _lines = new();
    private readonly GrowingList<RecordedNode> _nodes = new();
    private readonly GrowingList<AllocationSite> _sites = new();
    private readonly RecordingTimes _ends = new();
    private readonly RecordingTimeline _timeline = new();
    // Frames that got names since the last key frame.
    private readonly HashSet<int> _named = [];
    // A view has none: it changes with every interval, and is large.
    private SiteLedger? _ledger = new();
    private RecordingKeyPosition _keyed;
    private AllocationFigures _total;
    private AllocationFigures _virtual;
    private AllocationFigures _before;
    // What stands in place of texts; null where they are told as they are.
    private readonly Func<string, string>? _map;
    // Then the modules of the system, as they are told.
    private readonly HashSet<string>? _system;
    private long _textLength;
    private long _told;

    /// <summary>Makes one of no interval yet.</summary>
    public RecordingState()
    {
    }

    private RecordingState(RecordingState other, Func<string, string> map)
    {
        _map = map;
        foreach (var module in other._modules)
        {
            _modules.Add(module with { Path = map(module.Path), Symbols = map(module.Symbols) });
        }
        _system = [.. other._modules.Where(module => other.IsSystem(module.Path)).Select(module => map(module.Path))];
        (_frames, _lines, _nodes, _sites) = (other._frames, other._lines, other._nodes, other._sites);
        (_ends, _timeline, _ledger, _keyed) = (other._ends, other._timeline, other._ledger, other._keyed);
        (_total, _virtual, _before, _textLength, _told, Health) = (other._total, other._virtual, other._before, other._textLength, other._told, other.Health);
    }

    private RecordingState(RecordingState other)
    {
        (_map, _system, _ledger) = (other._map, other._system, null);
        (_modules, _frames, _lines) = (other._modules.View(), other._frames.View(), other._lines.View());
        (_nodes, _sites) = (other._nodes.View(), other._sites.View());
        (_ends, _timeline, _keyed) = (other._ends.View(), other._timeline.View(), other._keyed);
        (_total, _virtual, _before, _textLength, _told, Health) = (other._total, other._virtual, other._before, other._textLength, other._told, other.Health);
    }

    /// <summary>Modules by their number.</summary>
    public IReadOnlyList<RecordedModule> Modules => _modules;

    /// <summary>Frames by their number.</summary>
    public IReadOnlyList<RecordedFrame> Frames => _frames;

    /// <summary>Nodes by their number; a parent's is lower than its children's.</summary>
    public IReadOnlyList<RecordedNode> Nodes => _nodes;

    /// <summary>Sites by their number.</summary>
    public IReadOnlyList<AllocationSite> Sites => _sites;

    /// <summary>What happened over time, in points of equally many intervals: one each until there are very many.</summary>
    public RecordingTimeline Timeline => _timeline;

    /// <summary>When each interval ended.</summary>
    public RecordingTimes Ends => _ends;

    /// <summary>What each site did until now, and what lives of it by its birth.</summary>
    /// <exception cref="InvalidOperationException">This is a <see cref="View"/>.</exception>
    public SiteLedger Ledger => _ledger ?? throw new InvalidOperationException("A view of a recording has no figures of sites: those of a span tell them.");

    /// <summary>How many intervals were applied; the number of the next.</summary>
    public int Intervals => _ends.Count;

    /// <summary>Up to where key frames were made of it.</summary>
    public int KeyedIntervals => _keyed.Intervals;

    /// <summary>All that came from the allocator, from the beginning until now. Never summed with <see cref="Virtual"/>: the allocator's blocks lie in memory of the system.</summary>
    public AllocationFigures Total => _total;

    /// <summary>All that the program got from the system itself, from the beginning until now; a reserve of gigabytes counts whole, touched or not.</summary>
    public AllocationFigures Virtual => _virtual;

    /// <summary>Of <see cref="Total"/>, what came from before the recording: what of it is live as far as it was counted, and what was freed, counted or not.</summary>
    public AllocationFigures Before => _before;

    /// <summary>How the recording fared at the end of the last interval.</summary>
    public RecordingHealth Health { get; private set; } = new();

    /// <summary>A measure of its memory: about how many bytes it takes.</summary>
    public long Footprint =>
        (_frames.Count * 24L) + (_nodes.Count * 8L) + (_sites.Count * 112L) + ((_ledger?.Births ?? 0) * 48L) + (_timeline.Count * 96L) + (_ends.Count * 8L) + (_textLength * 2L);

    /// <summary>
    /// The recording as it is now, to be read by any thread while this one goes on: all but what each site did, which a span tells
    /// (<see cref="SpanTotals"/>). It costs next to nothing, and takes no intervals.
    /// </summary>
    public RecordingState View() => new(this);

    /// <summary>
    /// The same recording with other texts: paths of modules, what is said of their symbols, and source files. It looks through to this one,
    /// so it is good for as long as this one may be read, and takes no intervals.
    /// </summary>
    /// <param name="map">The text to stand in place of another; it is asked once for each.</param>
    public RecordingState WithTexts(Func<string, string> map)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        string Mapped(string text)
        {
            if (!texts.TryGetValue(text, out var mapped))
            {
                texts.Add(text, mapped = map(text));
            }
            return mapped;
        }
        return new RecordingState(this, Mapped);
    }

    /// <summary>Whether a module is the system's (<see cref="SystemCode"/>), also where folders are left out of its path.</summary>
    /// <param name="module">Its path as it is told here.</param>
    public bool IsSystem(string module) => _system?.Contains(module) ?? SystemCode.Contains(module);

    /// <summary>The names of a frame, innermost first; empty while none are known.</summary>
    public ImmutableArray<CodeLine> Lines(int frame) => _map is { } map ? [.. _lines[frame].Select(line => line with { File = map(line.File) })] : _lines[frame];

    /// <summary>What a site did from the beginning until now. Blocks from before the recording are live until they are freed, but were not allocated in it.</summary>
    /// <exception cref="InvalidOperationException">This is a <see cref="View"/>.</exception>
    public AllocationFigures FiguresOf(int site) => Ledger.CountsOf(site).Figures(_sites[site].BeforeRecording);

    /// <summary>Applies the next interval, wholly or not at all.</summary>
    /// <exception cref="InvalidDataException">It is not the next, refers to what was not told, or frees more than there is; the message says which.</exception>
    public void Apply(RecordingInterval interval)
    {
        if (_map is not null)
        {
            throw new InvalidOperationException("A recording with other texts looks through to another one, which takes the intervals.");
        }
        if (_ledger is null)
        {
            throw new InvalidOperationException("A view of a recording takes no intervals.");
        }
        Check(interval);
        AddTables(interval);
        _told = Sum(interval);
        var (before, virtualBefore) = (_total, _virtual);
        Count(interval);
        Health = interval.Health;
        _ends.Add(interval.EndedAt);
        _timeline.Add(new RecordingMoment(
            _ends[^1],
            _total.LiveBytes,
            _total.LiveBlocks,
            _total.AllocatedBytes - before.AllocatedBytes,
            _total.Allocations - before.Allocations,
            _total.FreedBytes - before.FreedBytes,
            _total.Frees - before.Frees,
            _virtual.LiveBytes,
            _virtual.AllocatedBytes - virtualBefore.AllocatedBytes,
            _virtual.FreedBytes - virtualBefore.FreedBytes));
    }

    /// <summary>Takes over what a key frame tells of the intervals since the one before it.</summary>
    /// <exception cref="InvalidDataException">It does not follow; the message says why.</exception>
    internal void Restore(RecordingKeyAdditions additions)
    {
        if (additions.Since != Intervals || additions.Tables.Index + 1 < Intervals)
        {
            throw new InvalidDataException($"A key frame goes on from interval {additions.Since}, where {Intervals} is next.");
        }
        CheckTables(additions.Tables);
        AddTables(additions.Tables);
        foreach (var end in additions.Ends)
        {
            _ends.Add(end);
        }
        foreach (var (moment, intervals) in additions.Moments)
        {
            _timeline.Add(moment, intervals);
        }
        Health = additions.Tables.Health;
        Keyed();
    }

    /// <summary>Takes over what sites did until the last key frame.</summary>
    /// <exception cref="InvalidDataException">It is not of this recording; the message says why.</exception>
    internal void Restore(SiteLedger ledger)
    {
        if (ledger.Intervals != Intervals || ledger.Counts.Count > _sites.Count)
        {
            throw new InvalidDataException($"A key frame of interval {ledger.Intervals} is not that of interval {Intervals}.");
        }
        _ledger = ledger;
        (_total, _virtual, _before, _told) = (default, default, default, 0);
        for (var site = 0; site < _sites.Count; site++)
        {
            TotalOf(site) += FiguresOf(site);
            _before += _sites[site].BeforeRecording ? FiguresOf(site) : default;
            var counts = ledger.CountsOf(site);
            _told += counts.Blocks + counts.Bytes + counts.FreedBlocks + counts.FreedBytes;
        }
    }

    /// <summary>What came since the last key frame.</summary>
    internal RecordingKeyAdditions Additions()
    {
        var step = _timeline.Step;
        var moments = new List<(RecordingMoment, int)>();
        for (var at = _keyed.Intervals / step; at < _timeline.Count; at++)
        {
            moments.Add((_timeline[at], Math.Min(step, Intervals - (at * step))));
        }
        return new RecordingKeyAdditions(
            _keyed.Intervals,
            new RecordingInterval
            {
                Index = Intervals - 1,
                EndedAt = _ends[^1],
                Modules = [.. _modules.Skip(_keyed.Modules)],
                Frames = [.. _frames.Skip(_keyed.Frames)],
                Nodes = [.. _nodes.Skip(_keyed.Nodes)],
                Sites = [.. _sites.Skip(_keyed.Sites)],
                Symbols = [.. _named.Order().Select(frame => new FrameSymbols(frame, _lines[frame], _frames[frame].Module))],
                Health = Health,
            },
            [.. _ends.Skip(_keyed.Intervals)],
            moments);
    }

    /// <summary>The next key frame goes on from here.</summary>
    internal void Keyed()
    {
        _keyed = new RecordingKeyPosition(Intervals, _modules.Count, _frames.Count, _nodes.Count, _sites.Count);
        _named.Clear();
    }

    private void AddTables(RecordingInterval interval)
    {
        foreach (var module in interval.Modules)
        {
            _modules.Add(module);
            _textLength += module.Path.Length + module.Symbols.Length;
        }
        _frames.AddRange(interval.Frames.AsSpan());
        for (var i = 0; i < interval.Frames.Length; i++)
        {
            _lines.Add([]);
        }
        _nodes.AddRange(interval.Nodes.AsSpan());
        _sites.AddRange(interval.Sites.AsSpan());
        foreach (var symbols in interval.Symbols)
        {
            _lines[symbols.Frame] = symbols.Lines;
            if (symbols.Module >= 0)
            {
                _frames[symbols.Frame] = _frames[symbols.Frame] with { Module = symbols.Module };
            }
            _named.Add(symbols.Frame);
            foreach (var line in symbols.Lines)
            {
                _textLength += line.Function.Length + line.File.Length;
            }
        }
    }

    private void Count(RecordingInterval interval)
    {
        // Of blocks from before the recording more may go than were counted: what that does to the sum is known only afterwards.
        var before = new Dictionary<int, AllocationFigures>();
        foreach (var change in interval.Allocated)
        {
            if (_sites[change.Site].BeforeRecording)
            {
                before.TryAdd(change.Site, FiguresOf(change.Site));
                continue;
            }
            TotalOf(change.Site) += new AllocationFigures(change.Bytes, change.Blocks, change.Bytes, change.Blocks, 0, 0);
        }
        foreach (var change in interval.Freed)
        {
            if (_sites[change.Site].BeforeRecording)
            {
                before.TryAdd(change.Site, FiguresOf(change.Site));
                continue;
            }
            TotalOf(change.Site) += new AllocationFigures(-change.Bytes, -change.Blocks, 0, 0, change.Bytes, change.Blocks);
        }
        Ledger.Apply(interval);
        foreach (var (site, was) in before)
        {
            var change = FiguresOf(site).Less(was);
            TotalOf(site) += change;
            _before += change;
        }
    }

    private ref AllocationFigures TotalOf(int site) => ref (_sites[site].Kind == AllocationKind.Heap ? ref _total : ref _virtual);

    private void Check(RecordingInterval interval)
    {
        if (interval.Index != Intervals)
        {
            throw new InvalidDataException($"Interval {interval.Index} does not follow: {Intervals} is next.");
        }
        if (_ends.Count > 0 && interval.EndedAt.ToUnixTimeMilliseconds() < _ends[^1].ToUnixTimeMilliseconds())
        {
            throw new InvalidDataException($"Interval {interval.Index} ends before the one before it.");
        }
        Room(Intervals, 1, RecordingLimits.MaxIntervals, "intervals");
        var sites = CheckTables(interval);
        Sum(interval);
        CheckChanges(interval, sites);
    }

    /// <returns>How many sites there are with those of the interval.</returns>
    private int CheckTables(RecordingInterval interval)
    {
        var modules = Room(_modules.Count, interval.Modules.Length, RecordingLimits.MaxModules, "modules");
        var frames = Room(_frames.Count, interval.Frames.Length, RecordingLimits.MaxFrames, "frames");
        var nodes = Room(_nodes.Count, interval.Nodes.Length, RecordingLimits.MaxNodes, "nodes");
        var sites = Room(_sites.Count, interval.Sites.Length, RecordingLimits.MaxSites, "sites");
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
            Refer(symbols.Module, -1, modules, "A name", "module");
        }
        return sites;
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
            var counts = Ledger.CountsOf(site).Add(change);
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
