using System.Buffers.Binary;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Memory;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>
/// Finds what glibc's malloc took besides [heap]: the heaps of its further arenas, which begin with a header at multiples of
/// 64 MiB, and blocks so large that they got a mapping of their own, whose first words are a chunk header. Each header is
/// checked so narrowly that other data hardly passes. https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/arena.c
/// </summary>
internal sealed class GlibcHeapFinder
{
    private const ulong HeapMax = 64UL << 20;
    private const int HeaderBytes = 40;
    private const int ChunkBytes = 16;

    /// <summary>From the default threshold of 128 KiB on, with the header one page more.</summary>
    private const long SmallestMappedChunk = 132 * 1024;
    private const int MaxChunksInMapping = 4096;

    private readonly RemoteMemory _memory;
    private readonly List<int> _candidates = [];
    private readonly List<ulong> _addresses = [];
    private readonly HashSet<ulong> _arenaHomes = [];
    private byte[] _headers = new byte[64 * HeaderBytes];

    /// <summary>For one process.</summary>
    public GlibcHeapFinder(RemoteMemory memory) => _memory = memory;

    /// <summary>How many arenas beside the main one were found.</summary>
    public int Arenas => _arenaHomes.Count;

    /// <summary>How many mappings hold large blocks.</summary>
    public int MappedChunks { get; private set; }

    /// <summary>Marks the heaps of arenas, the reserved rest of each included, and large blocks.</summary>
    public void Find(Span<SmapsRegion> regions, StringTable strings)
    {
        FindArenas(regions, strings);
        FindMappedChunks(regions, strings);
    }

    private void FindArenas(Span<SmapsRegion> regions, StringTable strings)
    {
        _arenaHomes.Clear();
        _candidates.Clear();
        _addresses.Clear();
        for (var i = 0; i < regions.Length; i++)
        {
            ref readonly var region = ref regions[i];
            var aligned = region.Start + HeapMax - 1 & ~(HeapMax - 1);
            if (aligned < region.End && region.IsReadWrite && region.HasPages && RegionRuns.IsUnclaimed(region))
            {
                _candidates.Add(i);
                _addresses.Add(aligned);
            }
        }
        var headers = ReadHeaders(HeaderBytes);
        // An arena's own state follows the header of its first heap; the other heaps point there. So first the first ones.
        for (var n = 0; n < _addresses.Count; n++)
        {
            if (Header.Read(headers[(n * HeaderBytes)..]) is { } header && header.IsHome(_addresses[n]))
            {
                _arenaHomes.Add(_addresses[n]);
            }
        }
        Span<char> text = stackalloc char[32];
        for (var n = 0; n < _addresses.Count; n++)
        {
            if (Header.Read(headers[(n * HeaderBytes)..]) is not { } header || !_arenaHomes.Contains(header.Arena & ~(HeapMax - 1)))
            {
                continue;
            }
            var at = _addresses[n];
            var i = _candidates[n];
            ref var region = ref regions[i];
            // A full heap may be joined with what lies below it: it is a heap when most of it is.
            if (region.End - at < at - region.Start)
            {
                continue;
            }
            text.TryWrite($"arena 0x{header.Arena:x}", out var length);
            var detail = strings.Intern(text[..length]);
            RegionRuns.Mark(ref region, RegionCategory.Heap, region.Start, detail);
            if (i + 1 < regions.Length
                && RegionRuns.FollowsPrevious(regions, i + 1)
                && regions[i + 1].IsInaccessible
                && RegionRuns.IsUnclaimed(regions[i + 1])
                && regions[i + 1].End <= at + HeapMax)
            {
                RegionRuns.Mark(ref regions[i + 1], RegionCategory.Heap, region.Start, detail);
            }
        }
    }

    private void FindMappedChunks(Span<SmapsRegion> regions, StringTable strings)
    {
        MappedChunks = 0;
        _candidates.Clear();
        _addresses.Clear();
        for (var i = 0; i < regions.Length; i++)
        {
            ref readonly var region = ref regions[i];
            if (region.Size >= SmallestMappedChunk && region.IsReadWrite && region.HasPages && RegionRuns.IsUnclaimed(region))
            {
                _candidates.Add(i);
                _addresses.Add(region.Start);
            }
        }
        var headers = ReadHeaders(ChunkBytes);
        for (var n = 0; n < _addresses.Count; n++)
        {
            ref var region = ref regions[_candidates[n]];
            var at = region.Start;
            var chunks = 0;
            var header = headers.Slice(n * ChunkBytes, ChunkBytes);
            while (MappedChunkSize(header) is var size and > 0 && (ulong)size <= region.End - at)
            {
                at += (ulong)size;
                chunks++;
                // Neighbouring blocks are joined into one mapping by the kernel.
                if (at == region.End || chunks == MaxChunksInMapping || !_memory.TryRead(at, header))
                {
                    break;
                }
            }
            if (chunks > 0 && at - region.Start >= region.End - at)
            {
                MappedChunks++;
                RegionRuns.Mark(ref region, RegionCategory.Heap, region.Start, strings.Intern(chunks == 1 ? "mmapped chunk" : "mmapped chunks"));
            }
        }
    }

    /// <summary>No chunk before it, whole pages, and of the three flags just "mapped on its own".</summary>
    private static long MappedChunkSize(ReadOnlySpan<byte> header)
    {
        var before = BinaryPrimitives.ReadUInt64LittleEndian(header);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        return before == 0 && (word & 4095) == 2 && word >> 47 == 0 && (long)(word & ~4095UL) >= SmallestMappedChunk ? (long)(word & ~4095UL) : 0;
    }

    private Span<byte> ReadHeaders(int each)
    {
        var needed = _addresses.Count * each;
        if (_headers.Length < needed)
        {
            _headers = new byte[Math.Max(needed, _headers.Length * 2)];
        }
        _memory.ReadMany(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_addresses), each, _headers);
        return _headers.AsSpan(0, needed);
    }

    /// <summary><c>heap_info</c>: arena, heap before, bytes in use, bytes made accessible, page size (since 2.35).</summary>
    private readonly record struct Header(ulong Arena, ulong Previous, ulong Size, ulong Accessible)
    {
        public static Header? Read(ReadOnlySpan<byte> bytes)
        {
            var header = new Header(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
            var sane = header.Size is > 0 and <= HeapMax
                && header.Accessible >= header.Size
                && header.Accessible <= HeapMax
                && ((header.Size | header.Accessible) & 4095) == 0
                && (header.Previous & (HeapMax - 1)) == 0
                && header.Arena > HeapMax
                && (header.Arena & 15) == 0
                && (header.Arena & (HeapMax - 1)) is >= 0x20 and <= 0x40;
            return sane ? header : null;
        }

        public bool IsHome(ulong at) => Previous == 0 && (Arena & ~(HeapMax - 1)) == at;
    }
}
