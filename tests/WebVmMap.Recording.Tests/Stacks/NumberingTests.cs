using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Stacks;

namespace WebVmMap.Recording.Tests.Stacks;

public sealed class NumberingTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 100_000)]
    [InlineData(3, 10_000_000)]
    public void Of_ValuesThatComeAgain_IsTheNumberOfTheirFirstTime(int seed, int different)
    {
        var random = new Random(seed);
        var (numbering, expected) = (new Numbering<RecordedNode>(), new Dictionary<RecordedNode, int>());
        for (var i = 0; i < 200_000; i++)
        {
            var value = new RecordedNode(random.Next(different), random.Next(3));
            if (!expected.TryGetValue(value, out var number))
            {
                expected.Add(value, number = expected.Count);
            }
            Assert.Equal(number, numbering.Of(value));
        }
        Assert.Equal(expected.OrderBy(pair => pair.Value).Select(pair => pair.Key), numbering.All.From(0));
    }

    [Fact]
    public void Of_EachValueOfATableThatMoves_IsFoundAtAnyMoment()
    {
        var numbering = new Numbering<RecordedNode>();
        for (var count = 0; count < 5_000; count++)
        {
            Assert.Equal(count, numbering.Of(new RecordedNode(count, count % 7)));
            Assert.Equal(count / 2, numbering.Of(new RecordedNode(count / 2, count / 2 % 7)));
            Assert.Equal(0, numbering.Of(new RecordedNode(0, 0)));
        }
    }
}
