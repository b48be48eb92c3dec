namespace WebVmMap.Core.Diffs;

/// <summary>In what order the allocations of two snapshots stand in their union.</summary>
internal static class UnionOrder
{
    /// <summary>Ascending by address; a removed one at its old address.</summary>
    public static (int Before, int After)[] ByAddress(Extents before, Extents after, ReadOnlySpan<int> partnerOfBefore, ReadOnlySpan<int> partnerOfAfter)
    {
        var order = new (int, int)[after.Count + Count(partnerOfBefore)];
        var at = 0;
        var old = 0;
        for (var now = 0; now < after.Count; now++)
        {
            for (; old < before.Count && before.First[old] <= after.First[now]; old++)
            {
                if (partnerOfBefore[old] < 0)
                {
                    order[at++] = (old, -1);
                }
            }
            order[at++] = (partnerOfAfter[now], now);
        }
        for (; old < before.Count; old++)
        {
            if (partnerOfBefore[old] < 0)
            {
                order[at++] = (old, -1);
            }
        }
        return order;
    }

    /// <summary>In the order of the newer ones; a removed one behind the partner of the one that it followed.</summary>
    public static (int Before, int After)[] ByPlace(Extents before, Extents after, ReadOnlySpan<int> partnerOfBefore, ReadOnlySpan<int> partnerOfAfter)
    {
        // By newer one (and at 0 those before all): the older ones that follow it, as lists linked from the last to the first.
        var last = new int[after.Count + 1];
        var previous = new int[before.Count];
        Array.Fill(last, -1);
        var place = 0;
        for (var old = 0; old < before.Count; old++)
        {
            if (partnerOfBefore[old] >= 0)
            {
                place = partnerOfBefore[old] + 1;
                continue;
            }
            previous[old] = last[place];
            last[place] = old;
        }
        var order = new (int, int)[after.Count + Count(partnerOfBefore)];
        var at = order.Length;
        for (var now = after.Count; now >= 0; now--)
        {
            for (var old = last[now]; old >= 0; old = previous[old])
            {
                order[--at] = (old, -1);
            }
            if (now > 0)
            {
                order[--at] = (partnerOfAfter[now - 1], now - 1);
            }
        }
        return order;
    }

    private static int Count(ReadOnlySpan<int> partners)
    {
        var unmatched = 0;
        foreach (var partner in partners)
        {
            unmatched += partner < 0 ? 1 : 0;
        }
        return unmatched;
    }
}
