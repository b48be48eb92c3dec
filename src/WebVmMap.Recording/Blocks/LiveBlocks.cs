using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// The live blocks by address: extendible hashing (Fagin et al., ACM TODS 4(3), 1979). Shards are of one size, and one that fills up is
/// split, so no growth keeps the rings waiting and no memory is left over; within a shard the next free place is taken. Memory of its own,
/// so that no collector looks at it. Not thread-safe.
/// </summary>
internal sealed unsafe class LiveBlocks : IDisposable
{
    private const int RoomBits = 13;
    private const uint Room = 1u << RoomBits;
    private const uint Mask = Room - 1;

    // Half full: what is looked for lies where it is looked for first, or in the line of the processor's memory behind. Some are split sooner:
    // they fill up alike, and all would be split in the same moment, in which no ring is read.
    private const uint Most = Room / 2;
    private const uint Sooner = Room / 8;
    private const int EntriesPerLine = 2;

    // Blocks that lie near each other are often allocated and freed one after the other: those of 16 KiB are in one shard, which the
    // processor still has near. Within it they lie anywhere: places side by side would run together, and every look would go over them all.
    private const int NearBits = 14;

    // No allocator's blocks lie nearer to each other than 8 bytes.
    private const int LeastBits = 3;

    private readonly TableMemory _memory = new((int)Room * sizeof(BlockEntry));
    private readonly int _mostBits;

    // By the top bits of the hash, the shard; several in a row may be one shard that knows fewer bits. Of at least one bit.
    private Way* _directory;
    private int _bits;
    private uint _made;

    /// <summary>Makes one without blocks.</summary>
    /// <param name="mostBits">How many bits part the shards at most. Real addresses never need so many; those that a program made up could ask for any number.</param>
    public LiveBlocks(int mostBits = 24)
    {
        _mostBits = mostBits;
        Begin();
    }

    /// <summary>How many blocks there are.</summary>
    public long Count { get; private set; }

    /// <summary>Asks the processor for what <see cref="Place"/> or <see cref="TryFind"/> of this address will look at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong address)
    {
        var hash = Hash(address);
        var at = Find(hash).Entries + ((uint)hash & Mask);
        Sse.Prefetch0(at);
        Sse.Prefetch0(at + EntriesPerLine);
    }

    /// <summary>Adds a block.</summary>
    /// <param name="block">The block; its address is not 0, and nothing is live there.</param>
    /// <exception cref="RecordingException">There are more than can be kept.</exception>
    public void Add(in BlockEntry block) => Place(block.Address, out _) = block;

    /// <summary>The place of a block, to be filled or looked at there until the next change; its address is in it.</summary>
    /// <param name="address">Its address, not 0.</param>
    /// <param name="isLive">Whether a block is live there; otherwise the place is new and zero but for the address.</param>
    /// <exception cref="RecordingException">There are more than can be kept.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref BlockEntry Place(ulong address, out bool isLive)
    {
        var hash = Hash(address);
        var way = Find(hash);
        while (way.Shard->Count >= way.Shard->Most)
        {
            Split(hash);
            way = Find(hash);
        }
        for (var at = (uint)hash & Mask; ; at = (at + 1) & Mask)
        {
            ref var entry = ref way.Entries[at];
            if (entry.Address == 0)
            {
                entry.Address = address;
                way.Shard->Count++;
                Count++;
                isLive = false;
                return ref entry;
            }
            if (entry.Address == address)
            {
                isLive = true;
                return ref entry;
            }
        }
    }

    /// <summary>Looks for a block.</summary>
    /// <returns>False when none is live at the address.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong address, out Found found)
    {
        var hash = Hash(address);
        var way = Find(hash);
        var at = (uint)hash & Mask;
        while (way.Entries[at].Address != address)
        {
            if (way.Entries[at].Address == 0)
            {
                found = default;
                return false;
            }
            at = (at + 1) & Mask;
        }
        found = new Found(way, at);
        return true;
    }

    /// <summary>Takes a block out that was found, with no change in between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(Found found)
    {
        Close(found.Way.Entries, found.At);
        found.Way.Shard->Count--;
        Count--;
    }

    /// <summary>Takes a block out.</summary>
    /// <returns>False when none is live at the address.</returns>
    public bool Remove(ulong address, out BlockEntry block)
    {
        if (!TryFind(address, out var found))
        {
            block = default;
            return false;
        }
        block = found.Block;
        Remove(found);
        return true;
    }

    /// <summary>The next blocks of all, some at a time, with gaps of address 0; they hold until the next change.</summary>
    /// <param name="position">0 for the first; then as it was left. Blocks that stay meanwhile are seen once, whatever is added or taken out.</param>
    /// <param name="blocks">The blocks.</param>
    /// <returns>False when there are no more.</returns>
    public bool Next(ref ulong position, out ReadOnlySpan<BlockEntry> blocks)
    {
        // The first hash of each shard stands for it: what it is split into later lies within what it was.
        if (_directory is null || position >= 1UL << _mostBits)
        {
            blocks = default;
            return false;
        }
        var way = Find(position << (64 - _mostBits));
        blocks = new ReadOnlySpan<BlockEntry>(way.Entries, (int)Room);
        position = ((position >> (_mostBits - way.Shard->Bits)) + 1) << (_mostBits - way.Shard->Bits);
        return true;
    }

    /// <summary>Takes every block out.</summary>
    /// <param name="each">Told of each.</param>
    public void Clear(Action<BlockEntry> each)
    {
        for (var position = 0UL; Next(ref position, out var blocks);)
        {
            foreach (ref readonly var entry in blocks)
            {
                if (entry.Address != 0)
                {
                    each(entry);
                }
            }
        }
        Dispose();
        Begin();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_directory is null)
        {
            return;
        }
        Shard* before = null;
        for (var i = 0; i < 1 << _bits; i++)
        {
            if (_directory[i].Shard != before)
            {
                before = _directory[i].Shard;
                NativeMemory.Free(before);
            }
        }
        NativeMemory.Free(_directory);
        _directory = null;
        _memory.Dispose();
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong address)
    {
        var shard = (address >> NearBits) * 0x9E3779B97F4A7C15;
        var place = (address >> LeastBits) * 0xD6E8FEB86659FD93;
        return (shard & ~(ulong)Mask) | (place >> (64 - RoomBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Way Find(ulong hash) => _directory[hash >> (64 - _bits)];

    private void Begin()
    {
        _bits = 1;
        _directory = (Way*)NativeMemory.Alloc(2, (nuint)sizeof(Way));
        _directory[0] = _directory[1] = NewShard(bits: 0);
    }

    private Way NewShard(int bits)
    {
        var entries = (BlockEntry*)_memory.Rent();
        var shard = (Shard*)NativeMemory.Alloc((nuint)sizeof(Shard));
        *shard = new Shard { Bits = bits, Most = Most - (++_made * 0x9E3779B9 % Sooner) };
        return new Way { Entries = entries, Shard = shard };
    }

    // What follows a place that is left moves up where it may, so that no gap parts it from where it is looked for.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close(BlockEntry* entries, uint gap)
    {
        for (var next = (gap + 1) & Mask; entries[next].Address != 0; next = (next + 1) & Mask)
        {
            var home = (uint)Hash(entries[next].Address) & Mask;
            if (((next - home) & Mask) >= ((next - gap) & Mask))
            {
                entries[gap] = entries[next];
                gap = next;
            }
        }
        entries[gap] = default;
    }

    // A shard's blocks go to two new ones, by the next bit of their hashes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Split(ulong hash)
    {
        var full = Find(hash);
        if (full.Shard->Bits == _mostBits)
        {
            throw new RecordingException("The program has more live blocks than can be kept, or says so of addresses that no allocator gives. What was recorded before holds.");
        }
        if (full.Shard->Bits == _bits)
        {
            Widen();
        }
        var low = NewShard(full.Shard->Bits + 1);
        var high = NewShard(full.Shard->Bits + 1);
        for (var i = 0u; i < Room; i++)
        {
            ref var entry = ref full.Entries[i];
            if (entry.Address == 0)
            {
                continue;
            }
            var its = Hash(entry.Address);
            var to = (its >> (63 - full.Shard->Bits) & 1) == 0 ? low : high;
            var at = (uint)its & Mask;
            while (to.Entries[at].Address != 0)
            {
                at = (at + 1) & Mask;
            }
            to.Entries[at] = entry;
            to.Shard->Count++;
        }
        // Of the entries that led to the full one, the lower half leads to one, the upper half to the other.
        var half = 1 << (_bits - full.Shard->Bits - 1);
        var first = _directory + ((full.Shard->Bits == 0 ? 0 : hash >> (64 - full.Shard->Bits)) * (ulong)half * 2);
        for (var i = 0; i < half; i++)
        {
            first[i] = low;
            first[half + i] = high;
        }
        _memory.Return(full.Entries);
        NativeMemory.Free(full.Shard);
    }

    // Every entry of the directory becomes two.
    private void Widen()
    {
        var wider = (Way*)NativeMemory.Alloc((nuint)2 << _bits, (nuint)sizeof(Way));
        for (var i = 0; i < 2 << _bits; i++)
        {
            wider[i] = _directory[i / 2];
        }
        NativeMemory.Free(_directory);
        _directory = wider;
        _bits++;
    }

    /// <summary>A block where it is kept, until the next change.</summary>
    public readonly struct Found
    {
        internal readonly Way Way;
        internal readonly uint At;

        internal Found(Way way, uint at) => (Way, At) = (way, at);

        /// <summary>The block.</summary>
        public ref readonly BlockEntry Block => ref Way.Entries[At];
    }

    // Where the entries are stands here too: what is looked for is one step nearer.
    internal struct Way
    {
        public BlockEntry* Entries;
        public Shard* Shard;
    }

    internal struct Shard
    {
        public uint Count;

        /// <summary>With how many blocks it is split.</summary>
        public uint Most;

        /// <summary>How many top bits of the hash its blocks have in common.</summary>
        public int Bits;
    }
}
