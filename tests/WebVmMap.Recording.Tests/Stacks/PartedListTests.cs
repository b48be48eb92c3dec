using WebVmMap.Recording.Stacks;

namespace WebVmMap.Recording.Tests.Stacks;

public sealed class PartedListTests
{
    [Fact]
    public void From_AnyItem_IsAllThatWasAddedFromThereOn()
    {
        var list = new PartedList<int>();
        Assert.Empty(list.From(0));
        for (var count = 0; count < 50_000; count++)
        {
            list.Add(count * 3);
            Assert.Equal((count + 1, count * 3), (list.Count, list[count]));
        }
        foreach (var first in (int[])[0, 1, 16_383, 16_384, 16_385, 32_768, 49_999, 50_000])
        {
            Assert.Equal(Enumerable.Range(first, 50_000 - first).Select(number => number * 3), list.From(first));
        }
    }
}
