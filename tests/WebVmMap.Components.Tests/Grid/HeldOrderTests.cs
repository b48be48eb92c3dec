using CsCheck;
using WebVmMap.Hub.Components.Grid;

namespace WebVmMap.Components.Tests.Grid;

public sealed class HeldOrderTests
{
    private static readonly Gen<int[]> s_keys = Gen.Int[0, 30].Array[0, 30].Select(keys => keys.Distinct().ToArray());

    [Fact]
    public void Apply_FiguresChanged_RowsStayWhereTheyWere()
    {
        Assert.Equal(["c", "a", "b"], Apply(["c", "a", "b"], ["a", "b", "c"], out var moved));
        Assert.True(moved);
    }

    [Fact]
    public void Apply_NewAndGoneRows_NewOnesComeAfterInTheOrderOfTheSort()
    {
        Assert.Equal(["c", "b", "y", "x"], Apply(["c", "a", "b"], ["y", "b", "x", "c"], out var moved));
        Assert.True(moved);
    }

    [Fact]
    public void Apply_SortAgreesWithWhatIsShown_NothingIsHeld()
    {
        Assert.Equal(["a", "c", "d"], Apply(["a", "b", "c"], ["a", "c", "d"], out var moved));
        Assert.False(moved);
    }

    [Fact]
    public void Apply_AnyRows_KeptOnesInOldOrderThenNewOnesInSortedOrder() =>
        Gen.Select(s_keys, s_keys).Sample((shown, sorted) =>
        {
            var expected = shown.Where(sorted.Contains).Concat(sorted.Where(key => !shown.Contains(key))).ToArray();
            var rows = sorted.ToArray();
            var held = new HeldOrder<int>(shown);
            held.Apply<int>(rows, key => key);
            Assert.Equal(expected, rows);
            Assert.Equal(!expected.SequenceEqual(sorted), held.HasMoved);
        });

    private static string[] Apply(string[] shown, string[] sorted, out bool moved)
    {
        var held = new HeldOrder<string>(shown);
        held.Apply<string>(sorted, key => key);
        moved = held.HasMoved;
        return sorted;
    }
}
