using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreeGrowthTests
{
    private static readonly AllocationMetric[] s_metrics = Enum.GetValues<AllocationMetric>();

    [Fact]
    public void Compared_AnyTwoSpans_HasOfEachCallWhatTheTreesOfBothHave() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 12], Gen.Int[0, 12], Gen.Enum<CallTreeView>()).Sample((seed, one, other, view) =>
    {
        var program = new RecordedProgram(seed);
        var all = program.Intervals.Count;
        var state = program.State(all);
        var before = program.Span(state, 0, one % (all + 1)).WithTemporaries(TemporaryWithin.Second);
        var now = program.Span(state, other % (all + 1), all).WithTemporaries(TemporaryWithin.Second);
        var options = new CallTreeOptions { View = view };
        var compared = CallTree.Of(state, now, options, before);
        Assert.Equal(Paths(CallTree.Of(state, now, options)), Paths(compared).Where(path => !path.Value.IsZero).ToDictionary());
        Assert.Equal(Paths(CallTree.Of(state, before, options)), Paths(compared, compared.Before.AsSpan()).Where(path => !path.Value.IsZero).ToDictionary());
        for (var node = 0; node < compared.Nodes.Length; node++)
        {
            foreach (var metric in s_metrics)
            {
                Assert.Equal(compared.Nodes[node].Total[metric] - compared.Before[node][metric], compared.Value(node, metric));
            }
        }
        // Left out, a call counts for its caller, in both.
        var pruned = compared.Without(place => place.Module == "/lib/libc.so.6");
        Assert.Equal((compared.Root.Total, compared.Before[0]), (pruned.Root.Total, pruned.Before[0]));
        Assert.Equal(
            Paths(CallTree.Of(state, now, options).Without(place => place.Module == "/lib/libc.so.6")),
            Paths(pruned).Where(path => !path.Value.IsZero).ToDictionary());
    });

    [Fact]
    public void Compared_WithSmallOnesTogether_LosesNothingAndKeepsWhatWent() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var all = program.Intervals.Count;
        var state = program.State(all);
        var (before, now) = (program.Span(state, 0, all / 2), program.Span(state, all / 2, all));
        var whole = CallTree.Of(state, now, new CallTreeOptions { Metric = AllocationMetric.AllocatedBytes }, before);
        var shortened = CallTree.Of(state, now, new CallTreeOptions { Metric = AllocationMetric.AllocatedBytes, MinShare = 0.2 }, before);
        Assert.Equal((whole.Root.Total, whole.Before[0]), (shortened.Root.Total, shortened.Before[0]));
        var largest = Math.Max(whole.Root.Total.AllocatedBytes, whole.Before[0].AllocatedBytes);
        for (var node = 1; node < shortened.Nodes.Length; node++)
        {
            if (shortened.Nodes[node].Place != CodePlace.Smaller)
            {
                Assert.True(Math.Max(shortened.Nodes[node].Total.AllocatedBytes, shortened.Before[node].AllocatedBytes) >= 0.2 * largest);
            }
        }
    });

    [Fact]
    public void Temporaries_AnySpan_AreTheBlocksThatDiedInItSoonAfterTheyWereBorn() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Enum<TemporaryWithin>()).Sample((seed, within) =>
    {
        var program = new RecordedProgram(seed);
        var age = within switch { TemporaryWithin.Interval => 0, TemporaryWithin.Second => 4, _ => 40 };
        var states = Enumerable.Range(0, program.Intervals.Count + 1).Select(program.State).ToList();
        for (var to = 1; to <= program.Intervals.Count; to++)
        {
            var state = states[to];
            for (var from = 0; from <= to; from++)
            {
                var begin = states[from].Ledger;
                foreach (var span in new[] { program.Span(state, from, to), SpanTotals.Between(state, begin, state.Ledger) })
                {
                    span.WithTemporaries(within);
                    for (var site = 0; site < span.Sites.Length; site++)
                    {
                        var soon = program.Blocks.Where(block => block.Site == site && block.Born >= 0 && block.Died >= from && block.Died < to && block.Died - block.Born <= age).ToList();
                        Assert.Equal((soon.Count, soon.Sum(block => block.Size)), ((int)span.Sites[site].Temporaries, span.Sites[site].TemporaryBytes));
                    }
                }
            }
        }
    });

    private static Dictionary<string, AllocationFigures> Paths(CallTree tree) => Paths(tree, [.. tree.Nodes.Select(node => node.Total)]);

    private static Dictionary<string, AllocationFigures> Paths(CallTree tree, ReadOnlySpan<AllocationFigures> figures)
    {
        var paths = new Dictionary<string, AllocationFigures>();
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            var path = new List<string>();
            for (var at = node; at >= 0; at = tree.Nodes[at].Parent)
            {
                path.Add(tree.Nodes[at].Place.ToString());
            }
            // The whole is there even of nothing.
            if (node > 0)
            {
                paths.Add(string.Join(" < ", path), figures[node]);
            }
        }
        return paths;
    }
}
