using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreeTests
{
    private static readonly Gen<(int Seed, CallTreeOptions Options)> s_any = Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Enum<CallTreeView>(), Gen.Enum<AllocationMetric>(), Gen.Bool, Gen.Bool, Gen.Double[0, 0.4],
        (seed, view, metric, collapse, merge, share) => (seed, new CallTreeOptions
        {
            View = view,
            Metric = metric,
            CollapseRecursion = collapse,
            MergeLines = merge,
            MinShare = share < 0.2 ? 0 : share,
        }));

    [Fact]
    public void Of_AnyOptions_EveryParentIsTheSumOfItsChildrenAndItsOwn() => s_any.Sample(any =>
    {
        var (program, tree) = Make(any.Seed, any.Options);
        Assert.Equal(program.Count(0, program.Intervals.Count, _ => true), tree.Root.Total);
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            var sum = tree.Children(node).Aggregate(tree.Nodes[node].Own, (before, child) => before + tree.Nodes[child].Total);
            Assert.Equal(tree.Nodes[node].Total, sum);
            Assert.All(tree.Children(node), child => Assert.Equal((node, tree.Nodes[node].Depth + 1), (tree.Nodes[child].Parent, tree.Nodes[child].Depth)));
        }
        Assert.Equal(tree.Nodes.Length, tree.Root.End);
        Assert.Equal(tree.Nodes, Make(any.Seed, any.Options).Tree.Nodes);
    });

    [Fact]
    public void Of_AnyOptions_OrdersSiblingsByTheMetricAndKeepsSmallOnesTogetherAtTheEnd() => s_any.Sample(any =>
    {
        var tree = Make(any.Seed, any.Options).Tree;
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            var children = tree.Children(node).Select(child => tree.Nodes[child]).ToList();
            var told = children.Where(child => child.Place != CodePlace.Smaller).Select(child => child.Total[any.Options.Metric]).ToList();
            Assert.Equal(told.OrderDescending(), told);
            Assert.True(told.All(value => any.Options.MinShare == 0 || value >= any.Options.MinShare * tree.Root.Total[any.Options.Metric]));
            Assert.DoesNotContain(children.SkipLast(1), child => child.Place == CodePlace.Smaller);
            Assert.Equal(children.Count, children.Select(child => child.Place).Distinct().Count());
        }
    });

    [Theory]
    [InlineData(CallTreeView.TopDown)]
    [InlineData(CallTreeView.BottomUp)]
    public void Of_EveryPath_HoldsWhatTheBlocksOfThatStackDid(CallTreeView view) => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (program, tree) = Make(seed, new CallTreeOptions { View = view });
        var state = program.State(program.Intervals.Count);
        var expected = new Dictionary<string, AllocationFigures>();
        foreach (var block in program.Blocks)
        {
            var stack = Stack(state, block.Site);
            var path = string.Join(" > ", view == CallTreeView.BottomUp ? Enumerable.Reverse(stack) : stack);
            expected[path] = expected.GetValueOrDefault(path) + program.Count(0, program.Intervals.Count, other => ReferenceEquals(other, block));
        }
        var actual = new Dictionary<string, AllocationFigures>();
        for (var node = 1; node < tree.Nodes.Length; node++)
        {
            if (!tree.Nodes[node].Own.IsZero)
            {
                var names = new List<string>();
                for (var at = node; at > 0; at = tree.Nodes[at].Parent)
                {
                    names.Insert(0, Name(tree.Nodes[at].Place));
                }
                actual.Add(string.Join(" > ", names), tree.Nodes[node].Own);
            }
        }
        Assert.Equal(expected.Where(path => !path.Value.IsZero).OrderBy(path => path.Key, StringComparer.Ordinal), actual.OrderBy(path => path.Key, StringComparer.Ordinal));
    });

    [Fact]
    public void Of_CollapsedRecursion_HasEachFunctionOnceOnAPath() => s_any.Sample(any =>
    {
        var tree = Make(any.Seed, any.Options with { CollapseRecursion = true, MinShare = 0 }).Tree;
        for (var node = 1; node < tree.Nodes.Length; node++)
        {
            var functions = new HashSet<(string, string)>();
            for (var at = node; at > 0; at = tree.Nodes[at].Parent)
            {
                Assert.True(functions.Add((tree.Nodes[at].Place.Function, tree.Nodes[at].Place.Module)));
            }
        }
    });

    [Fact]
    public void Of_OneKind_HoldsThatKindOnly() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (program, tree) = Make(seed, new CallTreeOptions { Kind = AllocationKind.Virtual });
        var state = program.State(program.Intervals.Count);
        Assert.Equal(program.Count(0, program.Intervals.Count, block => state.Sites[block.Site].Kind == AllocationKind.Virtual), tree.Root.Total);
    });

    [Fact]
    public void Of_AStackOfAMillionCalls_IsATreeAsDeep()
    {
        const int Depth = 1_000_000;
        var state = new RecordingState();
        state.Apply(new RecordingInterval
        {
            Index = 0,
            EndedAt = DateTimeOffset.UnixEpoch,
            Health = new RecordingHealth(),
            Frames = [new RecordedFrame(-1, 1)],
            Nodes = [.. Enumerable.Range(0, Depth).Select(i => new RecordedNode(i - 1, 0))],
            Sites = [new AllocationSite(Depth - 1, AllocationKind.Heap)],
            Allocated = [new SiteAllocated(0, 1, 16)],
        });
        var span = SpanTotals.Whole(state);
        Assert.Equal(Depth + 1, CallTree.Of(state, span, new CallTreeOptions()).Nodes.Length);
        Assert.Equal(2, CallTree.Of(state, span, new CallTreeOptions { CollapseRecursion = true }).Nodes.Length);
    }

    private static (RecordedProgram Program, CallTree Tree) Make(int seed, CallTreeOptions options)
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        return (program, CallTree.Of(state, program.Span(state, 0, state.Intervals), options));
    }

    private static List<string> Stack(RecordingState state, int site)
    {
        var told = state.Sites[site];
        if (told.Node < 0)
        {
            return [told.BeforeRecording ? "[before the recording]:::0" : "[no stack]:::0"];
        }
        var names = new List<string>();
        for (var node = told.Node; node >= 0; node = state.Nodes[node].Parent)
        {
            var frame = state.Frames[state.Nodes[node].Frame];
            var module = frame.Module < 0 ? "" : state.Modules[frame.Module].Path;
            var unnamed = frame.Module < 0 ? $"0x{frame.Offset:x}" : $"{module.Split('/')[^1]}+0x{frame.Offset:x}";
            var lines = state.Lines(state.Nodes[node].Frame);
            names.AddRange(lines.IsEmpty ? [$"{unnamed}:{module}::0"] : lines.Select(line => $"{line.Function}:{module}:{line.File}:{line.Line}"));
        }
        names.Reverse();
        return names;
    }

    private static string Name(CodePlace place) => $"{place.Function}:{place.Module}:{place.File}:{place.Line}";
}
