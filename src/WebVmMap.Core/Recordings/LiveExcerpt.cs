using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What was live in a recording at one moment: all of it by stack, and block by block as far as blocks are kept. It is whole by itself and
/// outlives the recording. Immutable.
/// </summary>
/// <param name="Intervals">The stacks, as a recording of that moment alone: the first interval has all that was live, the others tell when kept blocks were allocated.</param>
/// <param name="Blocks">The blocks; sites and births are of <paramref name="Intervals"/>.</param>
public sealed record LiveExcerpt(ImmutableArray<RecordingInterval> Intervals, KeptBlocks Blocks)
{
    /// <summary>Of more different times of allocation than this, neighbouring ones become one, the latest of them.</summary>
    public const int MaxTimes = 1024;

    /// <summary>Takes what is live now.</summary>
    /// <param name="state">The recording.</param>
    /// <param name="whole">What was done in all of it.</param>
    /// <param name="blocks">Its live blocks.</param>
    /// <param name="at">The moment.</param>
    public static LiveExcerpt Of(RecordingState state, SpanTotals whole, KeptBlocks blocks, DateTimeOffset at)
    {
        var kept = blocks.Without(block => block.Site >= state.Sites.Count);
        var tables = new Tables(state);
        var allocated = ImmutableArray.CreateBuilder<SiteAllocated>();
        for (var site = 0; site < state.Sites.Count; site++)
        {
            if (whole.Sites[site] is { LiveBlocks: > 0 } figures)
            {
                allocated.Add(new SiteAllocated(tables.Site(site), figures.LiveBlocks, Math.Max(0, figures.LiveBytes)));
            }
        }
        var times = kept.Blocks.Select(block => block.Born).Where(born => born >= 0 && born < state.Intervals).Distinct().Order().ToArray();
        var together = Math.Max(1, (times.Length + MaxTimes - 1) / MaxTimes);
        var numbers = new Dictionary<int, int>(times.Length);
        for (var i = 0; i < times.Length; i++)
        {
            numbers[times[i]] = i / together;
        }
        var listed = kept.Blocks.Select(block => block with { Site = tables.Site(block.Site), Born = numbers.GetValueOrDefault(block.Born, -1) }).ToImmutableArray();
        var intervals = ImmutableArray.CreateBuilder<RecordingInterval>();
        foreach (var group in times.Chunk(together))
        {
            intervals.Add(new RecordingInterval { Index = intervals.Count, EndedAt = state.Ends[group[^1]], Health = state.Health });
        }
        // The last one ends at the moment itself; a clock that was put back does not make it end before the others.
        var last = intervals.Count == 0 || at > intervals[^1].EndedAt ? at : intervals[^1].EndedAt;
        intervals.Add(new RecordingInterval { Index = intervals.Count, EndedAt = last, Health = state.Health });
        intervals[0] = tables.AddTo(intervals[0]) with { Allocated = [.. allocated.OrderBy(change => change.Site)] };
        return new LiveExcerpt(intervals.DrainToImmutable(), kept with { Blocks = listed });
    }

    /// <summary>Modules, frames, nodes and sites that are referred to, numbered anew.</summary>
    private sealed class Tables(RecordingState state)
    {
        private readonly Dictionary<int, int> _modules = [];
        private readonly Dictionary<int, int> _frames = [];
        private readonly Dictionary<int, int> _nodes = [];
        private readonly Dictionary<int, int> _sites = [];
        private readonly List<RecordedModule> _keptModules = [];
        private readonly List<RecordedFrame> _keptFrames = [];
        private readonly List<FrameSymbols> _keptSymbols = [];
        private readonly List<RecordedNode> _keptNodes = [];
        private readonly List<AllocationSite> _keptSites = [];
        private readonly Stack<int> _path = new();

        public int Site(int site)
        {
            if (!_sites.TryGetValue(site, out var number))
            {
                var told = state.Sites[site];
                _sites.Add(site, number = _keptSites.Count);
                _keptSites.Add(told with { Node = Node(told.Node) });
            }
            return number;
        }

        public RecordingInterval AddTo(RecordingInterval interval) => interval with
        {
            Modules = [.. _keptModules],
            Frames = [.. _keptFrames],
            Symbols = [.. _keptSymbols],
            Nodes = [.. _keptNodes],
            Sites = [.. _keptSites],
        };

        // Stacks may be deep: from the first known node on, outermost first, without recursion.
        private int Node(int node)
        {
            var at = node;
            while (at >= 0 && !_nodes.ContainsKey(at))
            {
                _path.Push(at);
                at = state.Nodes[at].Parent;
            }
            var number = at < 0 ? -1 : _nodes[at];
            while (_path.TryPop(out var next))
            {
                _nodes.Add(next, _keptNodes.Count);
                _keptNodes.Add(new RecordedNode(number, Frame(state.Nodes[next].Frame)));
                number = _nodes[next];
            }
            return number;
        }

        private int Frame(int frame)
        {
            if (!_frames.TryGetValue(frame, out var number))
            {
                var told = state.Frames[frame];
                _frames.Add(frame, number = _keptFrames.Count);
                _keptFrames.Add(told with { Module = Module(told.Module) });
                if (state.Lines(frame) is { IsEmpty: false } lines)
                {
                    _keptSymbols.Add(new FrameSymbols(number, lines));
                }
            }
            return number;
        }

        private int Module(int module)
        {
            if (module < 0)
            {
                return -1;
            }
            if (!_modules.TryGetValue(module, out var number))
            {
                _modules.Add(module, number = _keptModules.Count);
                _keptModules.Add(state.Modules[module]);
            }
            return number;
        }
    }
}
