using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Ring;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// Has blocks that were counted from outside become live blocks of a recording that was under way meanwhile: those that it has heard nothing
/// of since it began. A few at a time, for the rings do not wait. Not thread-safe.
/// </summary>
internal sealed class BlocksBefore
{
    /// <summary>Blocks that are kept one by one at the most, at about 120 bytes each; the further ones are counted.</summary>
    public const int MaxKept = 4_000_000;

    private const int AtOnce = 2048;

    // What a thread had made when they were counted, and was about to tell, it has told by then.
    private const int PassesBetween = 3;

    private readonly TouchedAddresses _touched = new();
    private List<HeapBlock>? _found;
    private int _next;
    private int _kept;
    private long _from;

    /// <summary>Whether they were counted, and if not, why.</summary>
    public HeapBefore State { get; private set; } = HeapBefore.UnderWay;

    /// <summary>Bytes of the heap that were not looked at.</summary>
    public long UnwalkedBytes { get; private set; }

    /// <summary>Blocks that were counted and are not kept: their frees are unknown ones.</summary>
    public long CountedOnly { get; private set; }

    /// <summary>Whether blocks were taken that are not all added yet.</summary>
    public bool HasMore => _found is not null;

    /// <summary>Whether a pass over the rings has some of them added.</summary>
    public bool AddsIn(long pass) => HasMore && pass >= _from;

    /// <summary>Notes that the recording has heard of an address.</summary>
    public void Touch(ulong address) => _touched.Add(address);

    /// <summary>Takes what was counted.</summary>
    /// <param name="count">What was counted.</param>
    /// <param name="pass">The last pass over the rings.</param>
    public void Take(HeapCount count, long pass) =>
        (_found, UnwalkedBytes, _from) = (count.Blocks, count.UnwalkedBytes, pass + PassesBetween);

    /// <summary>Adds the next ones, at the end of a pass over the rings.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="isOpen">Whether what was told of an address is not settled yet.</param>
    /// <param name="blocks">The live blocks.</param>
    /// <param name="counted">Told of each that counts; gives the site that it is of.</param>
    /// <returns>Whether there is more to do.</returns>
    public bool AddNext(long pass, Func<ulong, bool> isOpen, LiveBlocks blocks, Func<long, int> counted)
    {
        if (!AddsIn(pass))
        {
            return true;
        }
        if (_touched.AreTooMany)
        {
            State = HeapBefore.Changing;
            return false;
        }
        for (var end = Math.Min(_next + AtOnce, _found!.Count); _next < end; _next++)
        {
            var (address, size) = _found[_next];
            if (_touched.Contains(address) || isOpen(address))
            {
                continue;
            }
            ref var entry = ref blocks.Place(address, out var isLive);
            if (isLive)
            {
                continue;
            }
            var site = counted(size);
            if (_kept < MaxKept)
            {
                _kept++;
                entry.SetSize(size, 1);
                entry.Site = site;
                entry.Born = -1;
            }
            else
            {
                blocks.Remove(address, out _);
                CountedOnly++;
            }
        }
        if (_next < _found.Count)
        {
            return true;
        }
        _found = null;
        State = HeapBefore.Counted;
        return false;
    }
}
