using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

/// <summary>
/// A made-up program that allocates and frees at random, told twice: as the intervals of a recording, and as the plain list of its
/// blocks, from which every figure can be counted without any of the code under test.
/// </summary>
internal sealed class RecordedProgram
{
    public static readonly DateTimeOffset StartedAt = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly List<RecordedNode> _nodes = [];
    private readonly List<RecordedFrame> _frames = [];
    private readonly List<AllocationSite> _sites = [];

    public RecordedProgram(int seed)
    {
        _random = new Random(seed);
        var intervals = new RecordingInterval[_random.Next(1, 12)];
        for (var i = 0; i < intervals.Length; i++)
        {
            intervals[i] = Next(i);
        }
        Intervals = intervals;
    }

    public IReadOnlyList<RecordingInterval> Intervals { get; }

    /// <summary>Every block that ever was; <see cref="Block.Died"/> is the number of intervals for one that lives.</summary>
    public List<Block> Blocks { get; } = [];

    public RecordingState State(int intervals)
    {
        var state = new RecordingState();
        foreach (var interval in Intervals.Take(intervals))
        {
            state.Apply(interval);
        }
        return state;
    }

    public SpanTotals Span(RecordingState state, int from, int to)
    {
        var span = new SpanTotals(state, from, to);
        foreach (var interval in Intervals)
        {
            span.Add(interval);
        }
        return span.Complete();
    }

    /// <summary>What blocks that fit did in a span, counted one by one.</summary>
    public AllocationFigures Count(int from, int to, Func<Block, bool> fits)
    {
        var sum = default(AllocationFigures);
        foreach (var block in Blocks.Where(fits))
        {
            var bornWithin = block.Born >= from && block.Born < to;
            var counted = bornWithin || (from == 0 && block.Born < 0);
            var live = counted && block.Died >= to;
            var freed = block.Died >= from && block.Died < to;
            sum += new AllocationFigures(
                live ? block.Size : 0, live ? 1 : 0, bornWithin ? block.Size : 0, bornWithin ? 1 : 0, freed ? block.Size : 0, freed ? 1 : 0);
        }
        return sum;
    }

    private RecordingInterval Next(int index)
    {
        var modules = index == 0
            ? ImmutableArray.Create(new RecordedModule("/bin/program", "ab12", "found"), new RecordedModule("/lib/libc.so.6", "", "stripped"))
            : [];
        var (frames, nodes, sites) = (_frames.Count, _nodes.Count, _sites.Count);
        for (var i = _random.Next(index == 0 ? 3 : 0, 6); i > 0; i--)
        {
            _frames.Add(new RecordedFrame(_random.Next(-1, 2), (ulong)_random.Next(1, 5) << 4));
        }
        for (var i = _random.Next(index == 0 ? 3 : 0, 12); i > 0; i--)
        {
            _nodes.Add(new RecordedNode(_random.Next(-1, _nodes.Count), _random.Next(_frames.Count)));
        }
        for (var i = _random.Next(index == 0 ? 2 : 0, 5); i > 0; i--)
        {
            _sites.Add(new AllocationSite(_random.Next(4) == 0 ? -1 : _random.Next(_nodes.Count), (AllocationKind)_random.Next(2), SizeClass: (byte)_random.Next(SizeClass.Smallest, SizeClass.Smallest + 3)));
        }
        if (index == 0)
        {
            _sites.Add(new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true));
        }
        return new RecordingInterval
        {
            Index = index,
            EndedAt = StartedAt.AddMilliseconds(250 * (index + 1)),
            Modules = modules,
            Frames = [.. _frames.Skip(frames)],
            Nodes = [.. _nodes.Skip(nodes)],
            Sites = [.. _sites.Skip(sites)],
            Symbols = Names(),
            Allocated = Allocate(index),
            Freed = Free(index),
            Health = new RecordingHealth
            {
                Events = Blocks.Count + Blocks.Count(block => block.Died <= index),
                RingFill = _random.NextDouble(),
                Threads = 2,
                AgentCpuMs = index * 0.75,
                WaitedNs = index,
                NotFollowed = index / 2,
                Before = (HeapBefore)_random.Next((int)HeapBefore.TooMany + 1),
                BeforeUnwalkedBytes = _random.Next(3) << 20,
                BeforeCountedOnly = _random.Next(3),
            },
        };
    }

    private ImmutableArray<FrameSymbols> Names() =>
    [
        .. Enumerable.Range(0, _random.Next(3)).Select(_ => new FrameSymbols(
            _random.Next(_frames.Count),
            [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new CodeLine($"f{_random.Next(4)}", _random.Next(2) == 0 ? "" : "a.c", _random.Next(3)))],
            // Of code that was compiled in memory the module is known late.
            _random.Next(-1, 2))),
    ];

    private ImmutableArray<SiteAllocated> Allocate(int index)
    {
        for (var i = _random.Next(12); i > 0; i--)
        {
            var site = _random.Next(_sites.Count);
            if (!_sites[site].BeforeRecording || index == 0)
            {
                Blocks.Add(new Block(site, _random.Next(0, 3) << _random.Next(20), _sites[site].BeforeRecording ? -1 : index) { ToldIn = index });
            }
        }
        return [.. Blocks.Where(block => block.ToldIn == index).GroupBy(block => block.Site).Select(
            site => new SiteAllocated(site.Key, site.Count(), site.Sum(block => block.Size)))];
    }

    private ImmutableArray<SiteFreed> Free(int index)
    {
        foreach (var block in Blocks.Where(block => block.Died == int.MaxValue && _random.Next(4) == 0))
        {
            block.Died = index;
        }
        return [.. Blocks.Where(block => block.Died == index).GroupBy(block => (block.Site, block.Born)).Select(
            site => new SiteFreed(site.Key.Site, site.Key.Born, site.Count(), site.Sum(block => block.Size)))];
    }

    /// <summary>One block of the program.</summary>
    internal sealed record Block(int Site, long Size, int Born)
    {
        public int ToldIn { get; init; }

        public int Died { get; set; } = int.MaxValue;
    }
}
