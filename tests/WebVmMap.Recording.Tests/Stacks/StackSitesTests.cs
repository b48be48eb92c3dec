using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Stacks;

namespace WebVmMap.Recording.Tests.Stacks;

public sealed class StackSitesTests
{
    [Fact]
    public void Find_OfManyStacksKindsAndSizes_IsWhatADictionaryHas()
    {
        var random = new Random(1);
        var (sites, expected) = (new StackSites(), new Dictionary<(int, AllocationKind, byte), int>());
        for (var i = 0; i < 200_000; i++)
        {
            var key = (Stack: random.Next(20_000), Kind: (AllocationKind)random.Next(2), Size: (byte)random.Next(SizeClass.Smallest, SizeClass.Largest + 1));
            Assert.Equal(expected.GetValueOrDefault(key, -1), Found(sites, key.Stack, key.Kind, key.Size));
            if (expected.TryAdd(key, i))
            {
                sites.Add(key.Stack, key.Kind, key.Size, i);
            }
            // One of those that are there, whether or not it has moved.
            var (stack, kind, size) = expected.Keys.First();
            Assert.Equal(0, Found(sites, stack, kind, size));
        }
        Assert.All(expected, pair => Assert.Equal(pair.Value, Found(sites, pair.Key.Item1, pair.Key.Item2, pair.Key.Item3)));
    }

    private static int Found(StackSites sites, int stack, AllocationKind kind, byte sizeClass)
    {
        var site = sites.Find(stack, kind, sizeClass);
        return site >= 0 ? site : sites.FindBefore(stack, kind, sizeClass);
    }
}
