using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Benchmarks.Live;

/// <summary>
/// A made-up service that was recorded: most of its stacks come in the first minutes and the others bit by bit, few of them do most of the work, there is more of that by
/// day than by night, and of what is allocated most is freed at once, some within seconds, some within hours and a little never. Always the same.
/// </summary>
/// <param name="id">What the recording is called by.</param>
/// <param name="intervals">How many quarters of a second it has.</param>
/// <param name="stacks">How many call stacks it has.</param>
/// <param name="active">How many of them allocate in an interval, on average.</param>
internal sealed class MadeRecording(string id, int intervals, int stacks, int active)
{
    private const int Minute = 60 * 4;
    private const int Day = 24 * 60 * Minute;
    private const int LongestLife = 120 * Minute;
    private const int Modules = 40;

    public static readonly DateTimeOffset StartedAt = new(2026, 11, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(42);
    private readonly List<int[]> _paths = [];
    private readonly List<SiteFreed>[] _dying = [.. Enumerable.Range(0, LongestLife + 1).Select(_ => new List<SiteFreed>())];
    private int _frames;
    private int _nodes;

    public long Changes { get; private set; }

    /// <summary>Of a whole day.</summary>
    public static MadeRecording OfADay(string id, int stacks, int active) => new(id, Day, stacks, active);

    /// <summary>Of its first minute, by the end of which it has called all that it ever does.</summary>
    public static MadeRecording OfAMinute(string id, int stacks, int active) => new(id, Minute, stacks, active);

    /// <summary>Stores it by way of the hub's own store, a minute at a time instead of an interval, and all that was stored as one compressed file too.</summary>
    /// <returns>The bytes of all intervals.</returns>
    public async Task<long> StoreAsync(string data, string packed)
    {
        await using var hub = await HubApplication.CreateAsync(new HubOptions { Port = 0, DataDirectory = data, AllowAnonymous = true });
        using var file = new GZipStream(File.Create(packed), CompressionLevel.Optimal);
        return await StoreAsync(hub.Services.GetRequiredService<RecordingStore>(), file);
    }

    /// <summary>What opening it takes without key frames: every interval is read, and counted.</summary>
    public async Task<RecordingState> ReadAllAsync(string data)
    {
        await using var hub = await HubApplication.CreateAsync(new HubOptions { Port = 0, DataDirectory = data, AllowAnonymous = true });
        var state = new RecordingState();
        await foreach (var interval in hub.Services.GetRequiredService<RecordingStore>().ReadAsync(id, 0, intervals, CancellationToken.None))
        {
            state.Apply(interval);
        }
        return state;
    }

    private async Task<long> StoreAsync(RecordingStore store, Stream packed)
    {
        var recording = new Recording { Id = id, HostId = "alpha", HostName = "alpha", Pid = 4711, Phase = RecordingPhase.Running, StartedAt = StartedAt, Program = "service", CommandLine = "/opt/service/service", Launched = true };
        await store.AddAsync(recording, "made", CancellationToken.None);
        var state = new RecordingState();
        var segment = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < intervals; i++)
        {
            var interval = Interval(i);
            state.Apply(interval);
            segment.Add(RecordingCodec.Encode(interval));
            packed.Write(segment[^1].Span);
            var isLast = i == intervals - 1;
            if (segment.Count == RecordingStore.SegmentIntervals || isLast)
            {
                recording = recording with { Intervals = i + 1, Total = state.Total, Events = interval.Health.Events, StoredBytes = recording.StoredBytes + segment.Sum(one => one.Length) };
                await store.AppendAsync(recording, i + 1 - segment.Count, segment, CancellationToken.None);
                segment.Clear();
            }
            if ((i + 1) % RecordingStore.KeyIntervals == 0 || isLast)
            {
                var key = RecordingKeyFrame.Of(state);
                await store.AddKeyAsync(id, key, CancellationToken.None);
                key.Stored(state);
            }
        }
        await store.ChangeAsync(recording with { Phase = RecordingPhase.Stopped, StoppedAt = StartedAt.AddMilliseconds(250L * intervals) }, CancellationToken.None);
        return recording.StoredBytes;
    }

    private RecordingInterval Interval(int index)
    {
        var come = Math.Min(0.6, 0.6 * (index + 1) / Math.Min(5 * Minute, intervals)) + (0.4 * (index + 1) / intervals);
        var (frames, nodes, sites, symbols) = (new List<RecordedFrame>(), new List<RecordedNode>(), new List<AllocationSite>(), new List<FrameSymbols>());
        var known = _paths.Count;
        while (_paths.Count < Math.Max(1, (int)(stacks * come)))
        {
            AddStack(frames, nodes, sites, symbols);
        }

        var load = 0.55 - (0.45 * Math.Cos(2 * Math.PI * index / Day));
        var allocated = new Dictionary<int, SiteAllocated>();
        var freed = _dying[index % _dying.Length];
        for (var i = known - _paths.Count; i < active * load / 0.55; i++)
        {
            // Each that is new allocates at once.
            var site = i < 0 ? known - i - 1 : (int)(_paths.Count * Math.Pow(_random.NextDouble(), 3));
            if (!allocated.TryAdd(site, default))
            {
                continue;
            }
            var blocks = 1 + (int)(64 * Math.Pow(_random.NextDouble(), 3));
            allocated[site] = new SiteAllocated(site, blocks, blocks * Size(site));
            Let(site, index, blocks);
        }
        Changes += allocated.Count + freed.Count;
        var interval = new RecordingInterval
        {
            Index = index,
            EndedAt = StartedAt.AddMilliseconds(250L * (index + 1)),
            Modules = index == 0 ? [.. Enumerable.Range(0, Modules).Select(i => new RecordedModule($"/opt/service/lib/module_{i}.so", $"{i:x40}", "found in the file itself"))] : [],
            Frames = [.. frames],
            Nodes = [.. nodes],
            Sites = [.. sites],
            Symbols = [.. symbols],
            Allocated = [.. allocated.Values],
            Freed = [.. freed],
            Health = new RecordingHealth { Events = Changes * 8, Threads = 16, AgentCpuMs = index, TargetCpuMs = 2 * index },
        };
        freed.Clear();
        return interval;
    }

    // Of few blocks the share that is freed at once may be none.
    private void Let(int site, int born, int blocks)
    {
        var now = (int)(blocks * 0.6);
        var soon = (int)(blocks * 0.3);
        var late = site % 50 == 0 ? 0 : blocks - now - soon;
        Free(site, born, born, now);
        Free(site, born, born + 1 + _random.Next(40), soon);
        Free(site, born, born + 41 + _random.Next(LongestLife - 41), late);
    }

    private void Free(int site, int born, int at, int blocks)
    {
        if (blocks > 0)
        {
            _dying[at % _dying.Length].Add(new SiteFreed(site, born, blocks, blocks * Size(site)));
        }
    }

    private void AddStack(List<RecordedFrame> frames, List<RecordedNode> nodes, List<AllocationSite> sites, List<FrameSymbols> symbols)
    {
        var before = _paths.Count == 0 ? [] : _paths[_random.Next(_paths.Count)];
        var shared = before.Length == 0 ? 0 : 1 + _random.Next(before.Length - 1);
        var path = new int[12 + _random.Next(16)];
        shared = Math.Min(shared, path.Length - 1);
        before.AsSpan(0, shared).CopyTo(path);
        for (var depth = shared; depth < path.Length; depth++)
        {
            // Half of the functions are called from elsewhere too.
            if (_frames == 0 || _random.Next(2) == 0)
            {
                frames.Add(new RecordedFrame(_random.Next(Modules), (ulong)_frames << 5));
                symbols.Add(new FrameSymbols(_frames, [new CodeLine($"service::part_{_frames % 97}::function_{_frames}(std::string const&)", $"/src/service/part_{_frames % 97}.cpp", 10 + (_frames % 900))]));
                nodes.Add(new RecordedNode(depth == 0 ? -1 : path[depth - 1], _frames++));
            }
            else
            {
                nodes.Add(new RecordedNode(depth == 0 ? -1 : path[depth - 1], _random.Next(_frames)));
            }
            path[depth] = _nodes++;
        }
        sites.Add(new AllocationSite(path[^1], AllocationKind.Heap, SizeClass: SizeClass.Of(Size(_paths.Count))));
        _paths.Add(path);
    }

    private static long Size(int site) => 16L << (site % 9);
}
