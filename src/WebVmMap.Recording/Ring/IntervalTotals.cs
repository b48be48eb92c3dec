using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;

namespace WebVmMap.Recording.Ring;

/// <summary>What changed by site since the last interval ended. Not thread-safe.</summary>
internal sealed class IntervalTotals
{
    private const int PartBits = 11;
    private const int PartMask = (1 << PartBits) - 1;

    // In parts, of which none is ever copied: the rings, which nobody reads meanwhile, would run full while there are millions.
    private Totals[]?[] _bySite = new Totals[]?[16];
    private readonly List<int> _touched = [];
    private readonly Dictionary<(int Site, int Born), (long Blocks, long Bytes)> _older = [];

    /// <summary>The interval that is under way.</summary>
    public int Index { get; private set; }

    /// <summary>Counts allocations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Allocated(int site, long blocks, long bytes)
    {
        ref var totals = ref Of(site);
        totals.Blocks += blocks;
        totals.Bytes += bytes;
    }

    /// <summary>Counts bytes of a block as freed, and the block itself when that is the last of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Freed(in BlockEntry block, long bytes, bool whole)
    {
        if (block.Born == Index)
        {
            ref var totals = ref Of(block.Site);
            totals.FreedBlocks += whole ? block.Weight : 0;
            totals.FreedBytes += bytes * block.Weight;
            return;
        }
        ref var older = ref CollectionsMarshal.GetValueRefOrAddDefault(_older, (block.Site, block.Born), out _);
        older = (older.Blocks + (whole ? block.Weight : 0), older.Bytes + (bytes * block.Weight));
    }

    /// <summary>Counts blocks as freed that nobody saw being made, and whose size nobody knows.</summary>
    public void FreedUnseen(int site, long blocks)
    {
        ref var older = ref CollectionsMarshal.GetValueRefOrAddDefault(_older, (site, -1), out _);
        older.Blocks += blocks;
    }

    /// <summary>Counts allocations of this interval that nobody can follow: as allocated, and not as live.</summary>
    public void Lost(int site, long blocks, long bytes)
    {
        Allocated(site, blocks, bytes);
        ref var totals = ref Of(site);
        totals.FreedBlocks += blocks;
        totals.FreedBytes += bytes;
    }

    /// <summary>Takes what was counted, and begins the next interval.</summary>
    public (ImmutableArray<SiteAllocated> Allocated, ImmutableArray<SiteFreed> Freed) Take()
    {
        var allocated = ImmutableArray.CreateBuilder<SiteAllocated>(_touched.Count);
        var freed = ImmutableArray.CreateBuilder<SiteFreed>(_older.Count);
        _touched.Sort();
        foreach (var site in _touched)
        {
            ref var totals = ref _bySite[site >> PartBits]![site & PartMask];
            if (totals.Blocks > 0)
            {
                allocated.Add(new SiteAllocated(site, totals.Blocks, totals.Bytes));
            }
            if (totals.FreedBlocks > 0 || totals.FreedBytes > 0)
            {
                freed.Add(new SiteFreed(site, Index, totals.FreedBlocks, totals.FreedBytes));
            }
            totals = default;
        }
        foreach (var ((site, born), (blocks, bytes)) in _older)
        {
            freed.Add(new SiteFreed(site, born, blocks, bytes));
        }
        _touched.Clear();
        _older.Clear();
        Index++;
        return (allocated.DrainToImmutable(), freed.DrainToImmutable());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Totals Of(int site)
    {
        var (parts, part) = (_bySite, site >> PartBits);
        if ((uint)part < (uint)parts.Length && parts[part] is { } found)
        {
            ref var totals = ref found[site & PartMask];
            if (totals.Blocks != 0)
            {
                return ref totals;
            }
        }
        return ref Touch(site);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Totals Touch(int site)
    {
        var part = site >> PartBits;
        if (part >= _bySite.Length)
        {
            Array.Resize(ref _bySite, Math.Max(part + 1, _bySite.Length * 2));
        }
        _touched.Add(site);
        return ref (_bySite[part] ??= new Totals[1 << PartBits])[site & PartMask];
    }

    // Blocks is not 0 from the first one on: what is freed in an interval that it was allocated in comes later. So a site is among the touched
    // ones once, and four words are half a line of the processor's memory.
    private struct Totals
    {
        public long Blocks;
        public long Bytes;
        public long FreedBlocks;
        public long FreedBytes;
    }
}
