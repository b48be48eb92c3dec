using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreePruningTests
{
    [Fact]
    public void Without_AnyPlaces_CountsEveryPathWithoutThem() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Enum<CallTreeView>(), Gen.Int[0, 3]).Sample((seed, view, kind) =>
    {
        var tree = CallTreeSamples.Random(seed, new CallTreeOptions { View = view, Metric = AllocationMetric.AllocatedBytes });
        bool IsHidden(CodePlace place) => (place.Function.GetHashCode(StringComparison.Ordinal) & 3) == kind;
        var pruned = tree.Without(IsHidden);
        Assert.Equal(tree.Root.Total, pruned.Root.Total);
        Assert.Equal(Paths(tree, IsHidden), Paths(pruned, _ => false));
        for (var node = 0; node < pruned.Nodes.Length; node++)
        {
            var children = pruned.Children(node).Select(child => pruned.Nodes[child]).ToList();
            Assert.Equal(pruned.Nodes[node].Total, children.Aggregate(pruned.Nodes[node].Own, (sum, child) => sum + child.Total));
            Assert.Equal(children.Select(child => child.Total.AllocatedBytes).OrderDescending(), children.Select(child => child.Total.AllocatedBytes));
            Assert.Equal(children.Count, children.Select(child => child.Place).Distinct().Count());
            Assert.All(children, child => Assert.Equal((node, pruned.Nodes[node].Depth + 1), (child.Parent, child.Depth)));
        }
    });

    [Fact]
    public void Without_Nothing_IsTheSameTree()
    {
        var tree = CallTreeSamples.Of((2, [new("main", "/usr/bin/app", "", 0)]));
        Assert.Same(tree, tree.Without(_ => false));
    }

    [Fact]
    public void Without_ASystemCallInTheMiddle_JoinsWhatItCalledToItsCaller()
    {
        CodePlace main = new("main", "/app", "", 0), sort = new("qsort", "/usr/lib/x86_64-linux-gnu/libc.so.6", "", 0), compare = new("compare", "/app", "", 0);
        var tree = CallTreeSamples.Of((5, [main, sort, compare]), (7, [main, compare]), (11, [main, sort])).Without(place => SystemCode.Contains(place.Module));
        Assert.Equal([(0, 23L, 0L), (1, 23L, 11L), (2, 12L, 12L)], tree.Nodes.Select(node => (node.Depth, node.Total.LiveBytes, node.Own.LiveBytes)));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libc.so.6", true)]
    [InlineData("/lib64/ld-linux-x86-64.so.2", true)]
    [InlineData("/usr/lib/libstdc++.so.6.0.30", true)]
    [InlineData("/lib/ld-musl-x86_64.so.1", true)]
    [InlineData("[vdso]", true)]
    [InlineData(@"C:\Windows\System32\ntdll.dll", true)]
    [InlineData(@"D:\WINDOWS\SYSTEM32\KERNEL32.DLL", true)]
    [InlineData("/usr/lib/libcrypto.so.3", false)]
    [InlineData("/usr/bin/app", false)]
    [InlineData("/opt/libc.d/tool", false)]
    [InlineData(@"C:\Program Files\App\app.exe", false)]
    [InlineData("", false)]
    public void Contains_AModule_IsWhetherTheSystemBroughtIt(string module, bool expected) => Assert.Equal(expected, SystemCode.Contains(module));

    private static SortedDictionary<string, AllocationFigures> Paths(CallTree tree, Func<CodePlace, bool> isHidden)
    {
        var paths = new SortedDictionary<string, AllocationFigures>(StringComparer.Ordinal);
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            if (tree.Nodes[node].Own.IsZero)
            {
                continue;
            }
            var path = "";
            for (var at = node; at > 0; at = tree.Nodes[at].Parent)
            {
                path = isHidden(tree.Nodes[at].Place) ? path : $"{tree.Nodes[at].Place} > {path}";
            }
            paths[path] = paths.GetValueOrDefault(path) + tree.Nodes[node].Own;
        }
        return paths;
    }
}
