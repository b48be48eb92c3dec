using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>
/// A made-up program that was recorded for a day: 2,000 call stacks, of which 10 allocate three blocks in each interval. Two of these are
/// freed at once, and one after up to twenty minutes or, of every twentieth stack, never. So every figure of every span can be counted.
/// </summary>
internal static class RecordedDay
{
    public const int Intervals = 24 * 60 * 60 * 4;
    public const int Sites = 2000;

    private const int Period = 200;

    public static readonly DateTimeOffset StartedAt = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    // The sites of which a block may be freed in an interval, by where that lies within a period.
    private static readonly ILookup<int, int> s_dying = Enumerable.Range(0, Sites).ToLookup(site => (Lifetime(site) + Period - (site % Period)) % Period);

    /// <summary>Stores the day by way of the store, as the hub does it while it comes in, but a minute at a time.</summary>
    public static async Task StoreAsync(RecordingStore store, string id, CancellationToken cancellation)
    {
        var recording = new Recording { Id = id, HostId = "alpha", HostName = "alpha", Phase = RecordingPhase.Running, StartedAt = StartedAt, CommandLine = "day" };
        await store.AddAsync(recording, "a day", cancellation);
        var state = new RecordingState();
        var segment = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < Intervals; i++)
        {
            var interval = Interval(i);
            state.Apply(interval);
            segment.Add(RecordingCodec.Encode(interval));
            var isLast = i == Intervals - 1;
            if (segment.Count == RecordingStore.SegmentIntervals || isLast)
            {
                recording = recording with { Intervals = i + 1, Total = state.Total, Virtual = state.Virtual, Health = state.Health, StoredBytes = recording.StoredBytes + segment.Sum(one => one.Length) };
                await store.AppendAsync(recording, i + 1 - segment.Count, segment, cancellation);
                segment.Clear();
            }
            if ((i + 1) % RecordingStore.KeyIntervals == 0 || isLast)
            {
                var key = RecordingKeyFrame.Of(state);
                await store.AddKeyAsync(id, key, cancellation);
                key.Stored(state);
            }
        }
        await store.ChangeAsync(recording with { Phase = RecordingPhase.Stopped, StoppedAt = StartedAt.AddDays(1) }, cancellation);
    }

    /// <summary>What a site did in a span, counted block by block.</summary>
    public static AllocationFigures Count(int site, int from, int to)
    {
        var sum = default(AllocationFigures);
        for (var born = (Period - (site % Period)) % Period; born < to; born += Period)
        {
            if (born >= from)
            {
                sum += new AllocationFigures(0, 0, 3 * Size(site), 3, 2 * Size(site), 2);
            }
            var died = born + Lifetime(site);
            if (died >= from && died < to)
            {
                sum += new AllocationFigures(0, 0, 0, 0, Size(site), 1);
            }
            if (born >= from && died >= to)
            {
                sum += new AllocationFigures(Size(site), 1, 0, 0, 0, 0);
            }
        }
        return sum;
    }

    private static long Size(int site) => 16 * (1 + (site % 7));

    // Never is longer than any recording.
    private static int Lifetime(int site) => site % 20 == 0 ? 2 * RecordingLimits.MaxIntervals : 1 + (site * 7 % 4801);

    private static RecordingInterval Interval(int index)
    {
        var allocated = new List<SiteAllocated>(Sites / Period);
        var freed = new List<SiteFreed>();
        for (var site = (Period - (index % Period)) % Period; site < Sites; site += Period)
        {
            allocated.Add(new SiteAllocated(site, 3, 3 * Size(site)));
            freed.Add(new SiteFreed(site, index, 2, 2 * Size(site)));
        }
        foreach (var site in s_dying[index % Period])
        {
            if (index - Lifetime(site) is >= 0 and var born)
            {
                freed.Add(new SiteFreed(site, born, 1, Size(site)));
            }
        }
        return new RecordingInterval
        {
            Index = index,
            EndedAt = StartedAt.AddMilliseconds(250L * (index + 1)),
            Modules = index == 0 ? [new RecordedModule("/opt/day", "", "found")] : [],
            Frames = index == 0 ? [.. Enumerable.Range(0, Sites).Select(i => new RecordedFrame(0, (ulong)i << 4))] : [],
            Nodes = index == 0 ? [.. Enumerable.Range(0, Sites).Select(i => new RecordedNode(i % 12 == 0 ? -1 : i - 1, i))] : [],
            Sites = index == 0 ? [.. Enumerable.Range(0, Sites).Select(i => new AllocationSite(i, AllocationKind.Heap))] : [],
            Symbols = index == 0 ? [.. Enumerable.Range(0, Sites).Select(i => new FrameSymbols(i, [new CodeLine($"function_{i}", "/src/day.c", i)]))] : [],
            Allocated = [.. allocated],
            Freed = [.. freed],
            Health = new RecordingHealth { Events = 60L * index, Threads = 4 },
        };
    }
}
