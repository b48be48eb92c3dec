using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

/// <summary>Call trees to test with.</summary>
internal static class CallTreeSamples
{
    /// <summary>The tree of a made-up program's whole recording.</summary>
    public static CallTree Random(int seed, CallTreeOptions options, bool isCompared = false)
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        var all = program.Intervals.Count;
        return CallTree.Of(
            state, program.Span(state, isCompared ? all / 2 : 0, all).WithTemporaries(TemporaryWithin.Second), options, isCompared ? program.Span(state, 0, all / 2) : null);
    }

    /// <summary>The tree of stacks, outermost first, of which each keeps one block of so many bytes.</summary>
    public static CallTree Of(params (long Bytes, CodePlace[] Stack)[] stacks)
    {
        var state = State(stacks);
        return CallTree.Of(state, SpanTotals.Whole(state), new CallTreeOptions());
    }

    /// <summary>The recording of such stacks.</summary>
    public static RecordingState State(params (long Bytes, CodePlace[] Stack)[] stacks)
    {
        var modules = stacks.SelectMany(stack => stack.Stack).Select(place => place.Module).Where(path => path.Length > 0).Distinct().ToList();
        var frames = stacks.SelectMany(stack => stack.Stack).Distinct().ToList();
        var nodes = new List<RecordedNode>();
        var sites = new List<AllocationSite>();
        foreach (var (_, stack) in stacks)
        {
            var at = -1;
            foreach (var place in stack)
            {
                var node = new RecordedNode(at, frames.IndexOf(place));
                at = nodes.IndexOf(node) is >= 0 and var known ? known : nodes.Count;
                if (at == nodes.Count)
                {
                    nodes.Add(node);
                }
            }
            sites.Add(new AllocationSite(at, AllocationKind.Heap));
        }
        var state = new RecordingState();
        state.Apply(new RecordingInterval
        {
            Index = 0,
            EndedAt = RecordedProgram.StartedAt,
            Modules = [.. modules.Select(path => new RecordedModule(path, "", ""))],
            Frames = [.. frames.Select((place, i) => new RecordedFrame(modules.IndexOf(place.Module), (ulong)i))],
            Nodes = [.. nodes],
            Sites = [.. sites],
            Symbols = [.. frames.Select((place, i) => new FrameSymbols(i, [new CodeLine(place.Function, place.File, place.Line)]))],
            Allocated = [.. stacks.Select((stack, i) => new SiteAllocated(i, 1, stack.Bytes))],
            Health = new RecordingHealth(),
        });
        return state;
    }
}
