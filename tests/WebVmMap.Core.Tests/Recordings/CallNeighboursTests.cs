using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallNeighboursTests
{
    [Fact]
    public void Of_AnyFunction_IsWhatWalkingEveryStackGives() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 100]).Sample((seed, chosen) =>
    {
        var tree = CallTreeSamples.Random(seed, new CallTreeOptions { MergeLines = true });
        if (tree.Nodes.Length == 1)
        {
            return;
        }
        var wanted = tree.Nodes[1 + (chosen % (tree.Nodes.Length - 1))].Place;
        var neighbours = CallNeighbours.Of(tree, wanted.Function, wanted.Module)!;

        // Each stack of which something is told, outermost first; a stack is counted once, however often the function is in it.
        var (total, own) = (default(AllocationFigures), default(AllocationFigures));
        var (callers, callees) = (new Dictionary<(string, string), AllocationFigures>(), new Dictionary<(string, string), AllocationFigures>());
        for (var node = 1; node < tree.Nodes.Length; node++)
        {
            var stack = new List<CodePlace>();
            for (var at = node; at >= 0; at = tree.Nodes[at].Parent)
            {
                stack.Insert(0, tree.Nodes[at].Place);
            }
            var figures = tree.Nodes[node].Own;
            bool Is(CodePlace place) => (place.Function, place.Module) == (wanted.Function, wanted.Module);
            if (figures.IsZero || !stack.Exists(Is))
            {
                continue;
            }
            total += figures;
            Add(callers, stack[stack.FindIndex(Is) - 1], figures);
            if (stack.FindLastIndex(Is) is var innermost && innermost == stack.Count - 1)
            {
                own += figures;
            }
            else
            {
                Add(callees, stack[innermost + 1], figures);
            }
        }
        Assert.Equal((total, own), (neighbours.Function.Total, neighbours.Own));
        Assert.Equal(callers, neighbours.Callers.ToDictionary(caller => (caller.Place.Function, caller.Place.Module), caller => caller.Total));
        Assert.Equal(callees, neighbours.Callees.ToDictionary(callee => (callee.Place.Function, callee.Place.Module), callee => callee.Total));
        Assert.Equal(total, neighbours.Callers.Aggregate(default(AllocationFigures), (sum, caller) => sum + caller.Total));
        Assert.Equal(total, neighbours.Callees.Aggregate(own, (sum, callee) => sum + callee.Total));
    });

    [Fact]
    public void Of_AFunctionThatCallsItselfThroughAnother_IsCountedOnce()
    {
        CodePlace Place(string name) => new(name, "/bin/p", "", 0);
        var (main, walk, visit, leaf) = (Place("main"), Place("walk"), Place("visit"), Place("leaf"));
        var tree = CallTreeSamples.Of((100, [main, walk, visit, walk, visit, walk, leaf]), (10, [main, walk, visit, walk]), (1, [walk, leaf]));
        var neighbours = CallNeighbours.Of(tree, "walk", null)!;
        Assert.Equal((111, 10), (neighbours.Function.Total.LiveBytes, neighbours.Own.LiveBytes));
        Assert.Equal([("main", 110L), ("[all]", 1L)], neighbours.Callers.Select(caller => (caller.Place.Function, caller.Total.LiveBytes)));
        Assert.Equal([("leaf", 101L)], neighbours.Callees.Select(callee => (callee.Place.Function, callee.Total.LiveBytes)));
        Assert.Null(CallNeighbours.Of(tree, "nothing", null));
        Assert.Null(CallNeighbours.Of(tree, "walk", "/bin/other"));
    }

    private static void Add(Dictionary<(string, string), AllocationFigures> sums, CodePlace place, AllocationFigures figures) =>
        sums[(place.Function, place.Module)] = sums.GetValueOrDefault((place.Function, place.Module)) + figures;
}
