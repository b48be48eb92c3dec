using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class SizeClassTests
{
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(16, 4)]
    [InlineData(17, 5)]
    [InlineData(32, 5)]
    [InlineData(33, 6)]
    [InlineData(1L << 40, 40)]
    [InlineData((1L << 40) + 1, 41)]
    [InlineData(long.MaxValue, 63)]
    public void Of_ASize_IsTheClassWhoseBoundsItLiesIn(long size, byte expected)
    {
        Assert.Equal(expected, SizeClass.Of(size));
        Assert.InRange(size, SizeClass.From(expected), SizeClass.UpTo(expected));
    }

    [Fact]
    public void Histogram_AnySpan_SumsTheBlocksOfEachClassAndTheTreeOfAClassHasThem() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var all = program.Intervals.Count;
        var state = program.State(all);
        var span = program.Span(state, all / 2, all);
        var sizes = SizeHistogram.Of(state, span, AllocationKind.Heap);
        for (var sizeClass = (byte)0; sizeClass <= SizeClass.Largest; sizeClass++)
        {
            var wanted = sizeClass;
            var counted = program.Count(all / 2, all, block => state.Sites[block.Site] is { Kind: AllocationKind.Heap } site && site.SizeClass == wanted);
            Assert.Equal(counted, sizes.SingleOrDefault(size => size.SizeClass == wanted).Figures);
            Assert.Equal(counted, CallTree.Of(state, span, new CallTreeOptions { Kind = AllocationKind.Heap, SizeClass = wanted }).Root.Total);
        }
    });
}
