using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Blocks;

/// <summary>
/// The live blocks by address. Open addressing in shards that grow one at a time, so that no growth keeps the rings waiting long; memory
/// of its own, so that no collector looks at it. Not thread-safe.
/// </summary>
internal sealed unsafe class LiveBlocks : IDisposable
{
    public const int Shards = 256;

    private const int FirstRoom = 64;

    private readonly Shard[] _shards = new Shard[Shards];

    /// <summary>How many blocks there are.</summary>
    public long Count { get; private set; }

    /// <summary>Asks the processor for what <see cref="Add"/> or <see cref="Remove"/> of this address will look at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong address)
    {
        var hash = Hash(address);
        ref var shard = ref _shards[hash >> 56];
        if (shard.Entries != null)
        {
            System.Runtime.Intrinsics.X86.Sse.Prefetch0(shard.Entries + (int)(hash & shard.Mask));
        }
    }

    /// <summary>Adds a block.</summary>
    /// <param name="block">The block; its address is not 0.</param>
    /// <param name="before">What was live at its address, when something was.</param>
    /// <returns>Whether something was live there, which the new one replaces.</returns>
    public bool Add(in BlockEntry block, out BlockEntry before)
    {
        var hash = Hash(block.Address);
        ref var shard = ref _shards[hash >> 56];
        if (shard.Count * 5 >= shard.Room * 3)
        {
            Grow(ref shard);
        }
        for (var at = (uint)hash & shard.Mask; ; at = (at + 1) & shard.Mask)
        {
            ref var entry = ref shard.Entries[at];
            if (entry.Address == block.Address)
            {
                before = entry;
                entry = block;
                return true;
            }
            if (entry.Address == 0)
            {
                entry = block;
                shard.Count++;
                Count++;
                before = default;
                return false;
            }
        }
    }

    /// <summary>Takes a block out.</summary>
    /// <returns>False when none is live at the address.</returns>
    public bool Remove(ulong address, out BlockEntry block)
    {
        var hash = Hash(address);
        ref var shard = ref _shards[hash >> 56];
        block = default;
        if (shard.Entries == null)
        {
            return false;
        }
        var at = (uint)hash & shard.Mask;
        while (shard.Entries[at].Address != address)
        {
            if (shard.Entries[at].Address == 0)
            {
                return false;
            }
            at = (at + 1) & shard.Mask;
        }
        block = shard.Entries[at];
        // What follows moves up where it may, so that no gap parts it from where it is looked for.
        var gap = at;
        for (var next = (at + 1) & shard.Mask; shard.Entries[next].Address != 0; next = (next + 1) & shard.Mask)
        {
            var home = (uint)Hash(shard.Entries[next].Address) & shard.Mask;
            if (((next - home) & shard.Mask) >= ((next - gap) & shard.Mask))
            {
                shard.Entries[gap] = shard.Entries[next];
                gap = next;
            }
        }
        shard.Entries[gap] = default;
        shard.Count--;
        Count--;
        return true;
    }

    /// <summary>The blocks of one shard, with gaps of address 0; until the next change.</summary>
    public ReadOnlySpan<BlockEntry> OfShard(int shard) => new(_shards[shard].Entries, (int)_shards[shard].Room);

    /// <summary>Takes every block out.</summary>
    /// <param name="each">Told of each.</param>
    public void Clear(Action<BlockEntry> each)
    {
        for (var i = 0; i < Shards; i++)
        {
            foreach (ref readonly var entry in OfShard(i))
            {
                if (entry.Address != 0)
                {
                    each(entry);
                }
            }
        }
        Dispose();
    }

    /// <summary>Whether a block is one that a question asks for.</summary>
    public static bool Fits(in BlockEntry block, BlockQuestion question) =>
        block.Address != 0 && block.Size >= question.MinSize
        && (question.Site is not { } site || block.Site == site)
        && (question.Address is not { } address || (block.Address <= address && address - block.Address < (ulong)Math.Max(block.Size, 1)))
        && (question.Range is not { } range || (block.Address >= range.From && block.Address < range.To));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ref var shard in _shards.AsSpan())
        {
            NativeMemory.Free(shard.Entries);
            shard = default;
        }
        Count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(ulong address)
    {
        var hash = address * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }

    private static void Grow(ref Shard shard)
    {
        var room = shard.Room == 0 ? FirstRoom : shard.Room * 2;
        var entries = (BlockEntry*)NativeMemory.AllocZeroed(room, (nuint)sizeof(BlockEntry));
        for (var i = 0u; i < shard.Room; i++)
        {
            if (shard.Entries[i].Address != 0)
            {
                var at = (uint)Hash(shard.Entries[i].Address) & (room - 1);
                while (entries[at].Address != 0)
                {
                    at = (at + 1) & (room - 1);
                }
                entries[at] = shard.Entries[i];
            }
        }
        NativeMemory.Free(shard.Entries);
        shard.Entries = entries;
        shard.Room = room;
    }

    private struct Shard
    {
        public BlockEntry* Entries;
        public uint Room;
        public uint Count;

        public readonly uint Mask => Room - 1;
    }
}
