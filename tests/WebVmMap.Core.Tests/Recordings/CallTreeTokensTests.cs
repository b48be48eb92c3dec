using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class CallTreeTokensTests
{
    [Fact]
    public void Of_AKnownPath_IsWhatTheBrowserMakesOfIt()
    {
        var tokens = new CallTreeTokens(CallTreeSamples.Of((2, [new("main", "/usr/bin/app", "app.c", 12), new("Ünïcode", "/usr/lib/libc.so.6", "", 0)])));
        // Worked out by hand from the rule in docs/formats.md; the same two stand in wwwroot-assets/tests/flame.test.ts.
        Assert.Equal(["", "n:fd57e9de6593ca34", "n:045b8354e4c62f6b"], [tokens.Of(0), tokens.Of(1), tokens.Of(2)]);
    }

    [Fact]
    public void Find_EveryToken_IsItsNode() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Enum<CallTreeView>()).Sample((seed, view) =>
    {
        var tree = CallTreeSamples.Random(seed, new CallTreeOptions { View = view });
        var tokens = new CallTreeTokens(tree);
        for (var node = 0; node < tree.Nodes.Length; node++)
        {
            Assert.Equal(node, tokens.Find(tokens.Of(node)));
            Assert.Equal(node, tokens.Find(tokens.HashOf(node)));
        }
    });

    [Theory]
    [InlineData("n:0123456789abcdef")]
    [InlineData("n:0123")]
    [InlineData("c:Heap")]
    [InlineData("n:0123456789abcdeg")]
    public void Find_WhatIsNoNode_IsNone(string token) =>
        Assert.Equal(-1, new CallTreeTokens(CallTreeSamples.Of((2, [new("main", "", "", 0)]))).Find(token));
}
