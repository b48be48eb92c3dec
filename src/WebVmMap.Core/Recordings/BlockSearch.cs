using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// Finds the live blocks that fit a question among those that are offered to it, each once and in any order; it keeps no more than it was
/// asked for. Not thread-safe.
/// </summary>
public sealed class BlockSearch(BlockQuestion question)
{
    // What would come last of those kept is the first to be given up.
    private readonly PriorityQueue<LiveBlock, LiveBlock> _kept = new(new LastFirst(question.Order));
    private readonly (long Blocks, long Bytes)[] _groups = new (long, long)[question.Bounds.Length];
    private long _count;
    private long _bytes;

    /// <summary>Offers a block.</summary>
    public void Offer(in LiveBlock block)
    {
        if (!Fits(block))
        {
            return;
        }
        // One of a sampled recording stands for others.
        _count += block.Weight;
        _bytes += block.Size * block.Weight;
        if (_groups.Length > 0)
        {
            var at = question.Bounds.AsSpan().BinarySearch(block.Address);
            // Of what lies between two, the complement is the upper one.
            at = at >= 0 ? at : ~at - 1;
            if (at >= 0)
            {
                _groups[at].Blocks += block.Weight;
                _groups[at].Bytes += block.Size * block.Weight;
            }
        }
        var room = (long)question.Skip + question.Top;
        if (_kept.Count < room)
        {
            _kept.Enqueue(block, block);
        }
        else if (room > 0)
        {
            _kept.EnqueueDequeue(block, block);
        }
    }

    /// <summary>What fits of all that was offered. To be called once.</summary>
    public FoundBlocks Complete()
    {
        var sorted = new LiveBlock[_kept.Count];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            sorted[i] = _kept.Dequeue();
        }
        var groups = ImmutableArray.CreateBuilder<BlockGroup>();
        for (var i = 0; i < _groups.Length; i++)
        {
            if (_groups[i].Blocks > 0)
            {
                groups.Add(new BlockGroup(i, _groups[i].Blocks, _groups[i].Bytes));
            }
        }
        return new FoundBlocks([.. sorted.AsSpan(Math.Min(question.Skip, sorted.Length))], _count, _bytes, groups.DrainToImmutable());
    }

    private bool Fits(in LiveBlock block) =>
        block.Size >= question.MinSize
        && (question.Sites is not { } sites || sites.Contains(block.Site))
        && (question.Born is not { } born || (block.Born >= born.From && block.Born < born.To))
        && (question.Address is not { } address || (block.Address <= address && address - block.Address < (ulong)Math.Max(block.Size, 1)))
        && (question.Ranges.IsEmpty || IsWithin(block.Address));

    private bool IsWithin(ulong address)
    {
        var (low, high) = (0, question.Ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (question.Ranges[middle].To <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < question.Ranges.Length && question.Ranges[low].From <= address;
    }

    private sealed class LastFirst(BlockOrder order) : IComparer<LiveBlock>
    {
        public int Compare(LiveBlock x, LiveBlock y)
        {
            var first = order switch
            {
                BlockOrder.Newest => x.Born.CompareTo(y.Born),
                BlockOrder.Oldest => y.Born.CompareTo(x.Born),
                _ => 0,
            };
            first = first != 0 ? first : x.Size.CompareTo(y.Size);
            return first != 0 ? first : y.Address.CompareTo(x.Address);
        }
    }
}
