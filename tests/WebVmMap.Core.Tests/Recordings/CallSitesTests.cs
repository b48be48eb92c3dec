using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

/// <summary>The sites of each call sum to what the tree says of it, however the tree was made.</summary>
public sealed class CallSitesTests
{
    [Theory]
    [InlineData(CallTreeView.TopDown, false, false, null)]
    [InlineData(CallTreeView.TopDown, true, true, AllocationKind.Heap)]
    [InlineData(CallTreeView.BottomUp, false, true, null)]
    [InlineData(CallTreeView.BottomUp, true, false, AllocationKind.Virtual)]
    [InlineData(CallTreeView.ByModule, false, false, null)]
    [InlineData(CallTreeView.ByModule, true, false, AllocationKind.Heap)]
    [InlineData(CallTreeView.TopDown, false, false, AllocationKind.Heap, 5)]
    [InlineData(CallTreeView.BottomUp, false, false, null, 4)]
    public void Under_EachCallOfATree_SumsToThatCall(CallTreeView view, bool collapse, bool merge, AllocationKind? kind, int size = -1)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var program = new RecordedProgram(seed);
            var state = program.State(program.Intervals.Count);
            var span = SpanTotals.Whole(state);
            var options = new CallTreeOptions { View = view, CollapseRecursion = collapse, MergeLines = merge, Kind = kind, SizeClass = size < 0 ? null : (byte)size };
            Predicate<CodePlace>? hidden = seed % 2 == 0 ? null : place => place.Module == "/lib/libc.so.6";
            var tree = CallTree.Of(state, span, options);
            tree = hidden is null ? tree : tree.Without(place => hidden(place));
            var tokens = new CallTreeTokens(tree);
            for (var node = 0; node < tree.Nodes.Length; node++)
            {
                var sites = CallSites.Under(state, options, hidden, tokens.HashOf(node));
                var sum = default(AllocationFigures);
                for (var site = 0; site < state.Sites.Count; site++)
                {
                    sum += sites.Contains(site) ? span.Sites[site] : default;
                }
                Assert.Equal(tree.Nodes[node].Total, sum);
            }
        }
    }

    [Theory]
    [InlineData(CallTreeView.TopDown)]
    [InlineData(CallTreeView.BottomUp)]
    public void Lines_OfEachCallOfATree_SumToThatCall(CallTreeView view)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var program = new RecordedProgram(seed);
            var state = program.State(program.Intervals.Count);
            var span = SpanTotals.Whole(state);
            var together = CallTree.Of(state, span, new CallTreeOptions { View = view, MergeLines = true });
            var apart = CallTree.Of(state, span, new CallTreeOptions { View = view });
            for (var node = 1; node < together.Nodes.Length; node++)
            {
                var path = new List<CodePlace>();
                for (var at = node; at > 0; at = together.Nodes[at].Parent)
                {
                    path.Insert(0, together.Nodes[at].Place);
                }
                var lines = CallLines.Of(apart, path, AllocationMetric.AllocatedBytes);
                Assert.Equal(together.Nodes[node].Total, lines.Aggregate(default(AllocationFigures), (sum, line) => sum + line.Figures));
                Assert.Equal(lines.Length, lines.Select(line => line.Line).Distinct().Count());
            }
        }
    }

    [Fact]
    public void Through_AFunction_IsEveryStackThatHasIt()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var program = new RecordedProgram(seed);
            var state = program.State(program.Intervals.Count);
            var through = CallSites.Through(state, place => place.Function == "f1");
            Assert.Equal(
                Enumerable.Range(0, state.Sites.Count).Where(site => SiteCalls.Of(state, site).Any(place => place.Function == "f1")),
                Enumerable.Range(0, state.Sites.Count + 9).Where(through.Contains));
        }
    }
}
