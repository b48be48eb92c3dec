using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreeCutTests
{
    private static readonly Gen<(int Seed, int Most, bool IsCompared, CallTreeOptions Options)> s_any = Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Int[2, 40], Gen.Bool, Gen.Enum<CallTreeView>(), Gen.Enum<AllocationMetric>(), Gen.Double[0, 0.4],
        (seed, most, isCompared, view, metric, share) => (seed, most, isCompared, new CallTreeOptions { View = view, Metric = metric, MinShare = share < 0.3 ? 0 : share }));

    [Fact]
    public void MaxNodes_OfAnyTree_TellsAsManyOfTheGreatestAsThereIsRoomForAndSumsStayExact() => s_any.Sample(any =>
    {
        var whole = CallTreeSamples.Random(any.Seed, any.Options, any.IsCompared);
        var tree = CallTreeSamples.Random(any.Seed, any.Options with { MaxNodes = any.Most }, any.IsCompared);
        Assert.Null(whole.Cut);
        Assert.Equal(whole.Root.Total, tree.Root.Total);
        Assert.InRange(tree.Nodes.Length, 1, any.Most);
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            Assert.Equal(tree.Nodes[node].Total, tree.Children(node).Aggregate(tree.Nodes[node].Own, (sum, child) => sum + tree.Nodes[child].Total));
        }
        if (tree.IsCompared)
        {
            Assert.Equal(whole.Before[0], tree.Before[0]);
        }
        if (tree.Cut is not { } cut)
        {
            Assert.Equal(whole.Nodes, tree.Nodes);
            return;
        }
        Assert.Equal(Told(whole) - Told(tree), cut.Calls);
        Assert.True(cut.Calls > 0);
        Assert.All(Enumerable.Range(1, tree.Nodes.Length - 1).Where(node => tree.Nodes[node].Place != CodePlace.Smaller), node => Assert.True(Largest(tree, node) >= cut.Below));
        // Those that come next would be too many.
        var next = Enumerable.Range(1, whole.Nodes.Length - 1)
            .Where(node => whole.Nodes[node].Place != CodePlace.Smaller && Largest(whole, node) < cut.Below).Max(node => Largest(whole, node));
        var shown = Enumerable.Range(0, whole.Nodes.Length)
            .Where(node => node == 0 || (whole.Nodes[node].Place != CodePlace.Smaller && Largest(whole, node) >= next)).ToHashSet();
        Assert.True(shown.Count + shown.Count(node => whole.Children(node).Any(child => !shown.Contains(child))) > any.Most);
    });

    [Fact]
    public void MaxNodes_OfATreeThatFits_CutsNothing()
    {
        CodePlace main = new("main", "", "", 0), leak = new("leak", "", "", 0), work = new("work", "", "", 0);
        var state = CallTreeSamples.State((5, [main, leak]), (3, [main, work]), (2, [main]));
        var span = SpanTotals.Whole(state);
        Assert.Null(CallTree.Of(state, span, new CallTreeOptions { MaxNodes = 4 }).Cut);
        var tree = CallTree.Of(state, span, new CallTreeOptions { MaxNodes = 3 });
        Assert.Equal(new CallTreeCut(2, 10), tree.Cut);
        Assert.Equal(["[all] 10 0", "main 10 2", "[smaller] 8 8"], tree.Nodes.Select(node => $"{node.Place.Function} {node.Total.LiveBytes} {node.Own.LiveBytes}"));
        // What is taken out of it afterwards does not make it whole.
        Assert.Equal(tree.Cut, tree.Without(place => place == main).Cut);
        // What the least share leaves out takes no room.
        Assert.Null(CallTree.Of(state, span, new CallTreeOptions { MinShare = 0.4, MaxNodes = 4 }).Cut);
    }

    private static int Told(CallTree tree) => tree.Nodes.Count(node => node.Place != CodePlace.Smaller);

    private static long Largest(CallTree tree, int node) =>
        Math.Max(tree.Nodes[node].Total[tree.Options.Metric], tree.IsCompared ? tree.Before[node][tree.Options.Metric] : 0);
}
