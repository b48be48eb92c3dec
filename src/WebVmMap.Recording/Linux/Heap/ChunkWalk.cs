using System.Diagnostics;
using WebVmMap.Recording.Blocks;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// Walks over chunks of a heap that is being changed. What counts is what two readings in a row agree on, each of which keeps the heap's rules:
/// a chunk that nobody touches is the same in both, and what was read while it was being split or joined is read again. What stays in
/// disorder is passed over and counted as not walked. Time and readings are bounded, whatever the memory holds. Not thread-safe.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="freeMark">As <see cref="ChunkParse"/> takes it.</param>
/// <param name="patience">How long it may take.</param>
/// <param name="changePatience">How long a change under way is waited for: a thread may be kept from running in the middle of one.</param>
/// <param name="cancellation">Set when nobody wants it any more.</param>
internal sealed class ChunkWalk(IHeapMemory memory, ulong freeMark, TimeSpan patience, TimeSpan changePatience, CancellationToken cancellation)
{
    /// <summary>Blocks that are kept at the most.</summary>
    public const int MaxBlocks = 16_000_000;

    private const int Window = 256 << 10;
    private const int SmallWindow = 4096;

    private const int AttemptsAtOnce = 10;
    private const int AttemptsSoon = 30;
    private const int StepsBack = 4;
    private const int SearchedBytes = 16 << 20;
    private const int MaxSearches = 64;
    private const int ChunksInARow = 24;

    private readonly byte[] _bytes = new byte[Window];
    private readonly ChunkParse _first = new();
    private readonly ChunkParse _second = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _searches;

    /// <summary>The blocks that were found, by address within each run.</summary>
    public List<HeapBlock> Blocks { get; } = [];

    /// <summary>Those of them that look like threads' tables of free chunks.</summary>
    public List<HeapBlock> Tables { get; } = [];

    /// <summary>How many chunks were seen, free ones too.</summary>
    public long Chunks { get; private set; }

    /// <summary>Bytes in which no order was found, or that were not come to in time.</summary>
    public long UnwalkedBytes { get; private set; }

    /// <summary>Whether it may go on.</summary>
    public bool HasTime => Stopwatch.GetElapsedTime(_began) < patience && Blocks.Count < MaxBlocks;

    /// <summary>Walks over a run.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    public void Walk(in HeapRun run)
    {
        var at = run.Start;
        var anchors = new List<(ulong At, int Blocks, int Tables)>();
        var (failures, back, broken) = (0, 0, run.Start);
        var failedFrom = 0L;
        while (at < run.Stop)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!HasTime)
            {
                UnwalkedBytes += (long)(run.Stop - at);
                return;
            }
            if (TryStep(run, ref at, failures, anchors, out var ended))
            {
                if (ended == ChunkParse.End.Whole)
                {
                    return;
                }
                failures = 0;
                back = at > broken ? 0 : back;
                if (ended != ChunkParse.End.Gap)
                {
                    continue;
                }
            }
            else
            {
                failedFrom = failures++ == 0 ? Stopwatch.GetTimestamp() : failedFrom;
                // Once it was waited for, it is only tried again from further back.
                if (failures <= AttemptsAtOnce || (back == 0 && Stopwatch.GetElapsedTime(failedFrom) < changePatience))
                {
                    if (failures > AttemptsAtOnce)
                    {
                        Thread.Sleep(failures > AttemptsSoon ? 10 : 1);
                    }
                    continue;
                }
                failures = 0;
            }
            if (ended != ChunkParse.End.Gap && back < StepsBack && anchors.Count > 0)
            {
                // What lies here was no chunk any more when it was come to: from where it still was one.
                broken = at;
                var kept = Math.Max(anchors.Count - (1 << ++back), 0);
                var from = anchors[kept];
                anchors.RemoveRange(kept, anchors.Count - kept);
                Blocks.RemoveRange(from.Blocks, Blocks.Count - from.Blocks);
                Tables.RemoveRange(from.Tables, Tables.Count - from.Tables);
                at = from.At;
                continue;
            }
            back = 0;
            anchors.Clear();
            var found = Search(run, at);
            UnwalkedBytes += ended == ChunkParse.End.Gap && found < run.Stop ? 0 : (long)(found - at);
            at = found;
        }
    }

    /// <summary>Goes on by one window, or as far as two readings of it agree.</summary>
    /// <returns>False when that is not at all.</returns>
    private bool TryStep(in HeapRun run, ref ulong at, int failures, List<(ulong, int, int)> anchors, out ChunkParse.End ended)
    {
        var bytes = _bytes.AsSpan(0, (int)Math.Min((ulong)(failures == 0 ? Window : SmallWindow), run.End - at));
        Read(_first, run, at, bytes);
        Read(_second, run, at, bytes);
        ended = _second.Ended;
        var (first, second) = (_first.Blocks, _second.Blocks);
        var (to, isWhole) = (at, _first.At == _second.At && _first.Ended == ended && ended != ChunkParse.End.Broken);
        if (isWhole)
        {
            to = _first.At;
        }
        else
        {
            // Behind the last block that both have, a chunk begins in both.
            var (i, j) = (first.Count - 1, second.Count - 1);
            while (i >= 0 && j >= 0 && first[i] != second[j])
            {
                _ = first[i].Address >= second[j].Address ? i-- : j--;
            }
            if (i >= 0 && j >= 0)
            {
                to = first[i].Address - 8 + (ulong)first[i].Size;
            }
            ended = ended == ChunkParse.End.Gap ? ended : ChunkParse.End.Broken;
        }
        if (to == at && !(isWhole && ended != ChunkParse.End.More))
        {
            return false;
        }
        anchors.Add((at, Blocks.Count, Tables.Count));
        Chunks += _first.Chunks;
        for (int i = 0, j = 0; i < first.Count && j < second.Count;)
        {
            if (first[i] == second[j])
            {
                if (first[i].Address < to)
                {
                    Blocks.Add(first[i]);
                }
                i++;
                j++;
            }
            else
            {
                _ = first[i].Address <= second[j].Address ? i++ : j++;
            }
        }
        foreach (var table in _first.Tables)
        {
            if (table.Address < to && Tables.Count < MaxSearches * 1024)
            {
                Tables.Add(table);
            }
        }
        at = to;
        ended = isWhole ? ended : ChunkParse.End.More;
        return true;
    }

    private void Read(ChunkParse parse, in HeapRun run, ulong at, Span<byte> bytes)
    {
        var read = memory.Read(at, bytes);
        parse.Read(run, at, bytes[..(read & ~7)], Following, freeMark);
    }

    private (ulong, ulong)? Following(ulong at)
    {
        Span<ulong> words = stackalloc ulong[2];
        return memory.TryRead(at, words) ? (words[0], words[1]) : null;
    }

    /// <summary>The next place from which chunks follow each other in order; where the run stops when there is none.</summary>
    private ulong Search(in HeapRun run, ulong from)
    {
        if (_searches++ >= MaxSearches)
        {
            return run.Stop;
        }
        var end = Math.Min(run.Stop, from + SearchedBytes);
        for (var at = (from + 16) & ~15UL; at + ChunkParse.Least <= end; at += Window)
        {
            cancellation.ThrowIfCancellationRequested();
            var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(_bytes.AsSpan(0, memory.Read(at, _bytes) & ~15));
            for (var i = 0; i + 2 <= words.Length && at + ((ulong)i * 8) < end; i += 2)
            {
                var size = words[i + 1] & ~7UL;
                var here = at + ((ulong)i * 8);
                if (size >= ChunkParse.Least && (size & 15) == 0 && size <= run.End - here && FollowsOrder(run, here))
                {
                    return here;
                }
            }
            if (!HasTime)
            {
                break;
            }
        }
        return run.Stop;
    }

    private bool FollowsOrder(in HeapRun run, ulong at)
    {
        Span<ulong> words = stackalloc ulong[2];
        var before = 0UL;
        for (var chunks = 0; chunks < ChunksInARow; chunks++)
        {
            if (at == run.Stop)
            {
                return chunks > 0;
            }
            if (at > run.Stop || !memory.TryRead(at, words))
            {
                return false;
            }
            var size = words[1] & ~7UL;
            if (size is 0 or 16)
            {
                return chunks > 0 && run.Stop == run.End && run.Stop - at <= 64;
            }
            if (size < ChunkParse.Least || (words[1] & 10) != 0 || size > run.End - at || (chunks > 0 && (words[1] & 1) == 0 && words[0] != before))
            {
                return false;
            }
            (before, at) = (size, at + size);
        }
        return true;
    }
}
