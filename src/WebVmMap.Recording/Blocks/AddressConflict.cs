using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// What rings told of one address in an order that cannot be: an allocation of what is live, a free of what is not. Events of other
/// rings explain it, which are there by the end of the next pass. Which thread freed it does not matter: of all allocations of the
/// address, put in order, each but the last was freed, and the last when there are as many frees. Not thread-safe.
/// </summary>
internal sealed class AddressConflict(long pass)
{
    private const int OrderMask = (1 << RingLayout.OrderBits) - 1;

    private readonly List<BlockEntry> _allocated = [];

    private readonly long _began = pass;
    private long _last = pass;
    private int _frees;

    /// <summary>Adds an allocation.</summary>
    public void Allocated(in BlockEntry block, long pass)
    {
        _allocated.Add(block);
        _last = pass;
    }

    /// <summary>Adds frees; takes one back with -1.</summary>
    public void Freed(int frees, long pass)
    {
        _frees += frees;
        _last = pass;
    }

    /// <summary>
    /// Whether it can be settled at the end of a pass: one after that in which it came up when at most one block is left, else one
    /// without news, for what is missing may have been told behind the back of this pass.
    /// </summary>
    public bool IsRipe(long pass) => _allocated.Count - _frees is 0 or 1 ? _began < pass : _last < pass;

    /// <summary>Settles it.</summary>
    /// <param name="pass">The pass that ends now.</param>
    /// <param name="freed">Told of each block that was freed.</param>
    /// <returns>The block that is live, if one is; frees that nothing was allocated for; allocations whose free was not told.</returns>
    public (BlockEntry? Live, int UnknownFrees, int MissedFrees) Settle(long pass, Action<BlockEntry> freed)
    {
        // What was there before is older than all that came up, whatever its order says: that counts round and round.
        var newest = _allocated.Count > 0 ? _allocated[^1].Mark & OrderMask : 0;
        _allocated.Sort((x, y) => (Old(x, pass), After(x, newest)).CompareTo((Old(y, pass), After(y, newest))));
        var live = _allocated.Count - _frees;
        // A block from before the recording may have been on its way out when that began.
        var before = _allocated.Count(block => block.Born < 0);
        for (var i = 0; i < _allocated.Count - (live > 0 ? 1 : 0); i++)
        {
            freed(_allocated[i]);
        }
        return (live > 0 ? _allocated[^1] : null, Math.Max(-live, 0), Math.Max(live - 1 - before, 0));
    }

    /// <summary>The mark of a block: its order, and the pass that reads it.</summary>
    public static int Mark(int order, long pass) => order | (int)((pass & 0xfff) << RingLayout.OrderBits);

    private static int Old(in BlockEntry block, long pass) => block.Born < 0 ? -1 : ((pass - ((uint)block.Mark >> RingLayout.OrderBits)) & 0xfff) > 2 ? 0 : 1;

    // How far behind another one, in either direction.
    private static int After(in BlockEntry block, int other) => (((block.Mark & OrderMask) - other + (OrderMask >> 1)) & OrderMask) - (OrderMask >> 1);
}
