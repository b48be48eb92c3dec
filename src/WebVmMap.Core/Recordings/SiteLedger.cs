using System.Runtime.InteropServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What each site of a recording did from its beginning until some interval, and what of it lives then by when it was allocated. Of two of
/// them the difference is what happened between, and of the later one what lives of what was allocated since: a span of any length is
/// answered without its intervals. So that this stays small, births of before <see cref="Aged"/> stand together by <see cref="Width"/>
/// intervals when there are too many of them. Not thread-safe.
/// </summary>
public sealed class SiteLedger
{
    /// <summary>Entries of births that are kept at the least before they are told apart less finely.</summary>
    internal const int MaxBirths = 1 << 17;

    // When births are joined: this part of the recording, the newest, is left out of it, and so much of the room is free after.
    private const int NewestPart = 4;
    private const int FreePart = 4;

    private readonly int _maxBirths;
    private readonly List<SiteCounts> _counts;
    private Dictionary<ulong, LiveCounts> _births;

    /// <summary>One of the beginning, where nothing happened yet.</summary>
    public SiteLedger()
        : this(MaxBirths)
    {
    }

    internal SiteLedger(int maxBirths)
    {
        _maxBirths = maxBirths;
        _counts = [];
        _births = [];
    }

    internal SiteLedger(int intervals, int aged, int width, List<SiteCounts> counts, Dictionary<ulong, LiveCounts> births)
    {
        _maxBirths = MaxBirths;
        (Intervals, Aged, Width, _counts, _births) = (intervals, aged, width, counts, births);
    }

    /// <summary>How many intervals of the recording it has seen: all up to this one.</summary>
    public int Intervals { get; private set; }

    /// <summary>From this interval on births are told apart one by one; a multiple of <see cref="Width"/>.</summary>
    public int Aged { get; private set; }

    /// <summary>So many intervals, a power of two, stand together as the birth of what was allocated before: there spans begin exactly at multiples of it.</summary>
    public int Width { get; private set; } = 1;

    /// <summary>How many entries tell what lives by its birth.</summary>
    public int Births => _births.Count;

    internal IReadOnlyList<SiteCounts> Counts => _counts;

    internal IReadOnlyDictionary<ulong, LiveCounts> BirthsBySite => _births;

    /// <summary>The last interval at or before one from which on a span is exact.</summary>
    public int Exact(int from) => from >= Aged ? from : from / Width * Width;

    /// <summary>Adds the next interval, which was checked.</summary>
    /// <exception cref="ArgumentException">It is not the next.</exception>
    public void Apply(RecordingInterval interval)
    {
        if (interval.Index != Intervals)
        {
            throw new ArgumentException($"Interval {interval.Index} does not follow: {Intervals} is next.");
        }
        foreach (var change in interval.Allocated)
        {
            Add(change.Site, new SiteCounts(change.Blocks, change.Bytes, 0, 0));
            AddLive(change.Site, interval.Index, change.Blocks, change.Bytes);
        }
        foreach (var change in interval.Freed)
        {
            var isBefore = change.Born < 0;
            Add(change.Site, new SiteCounts(0, 0, change.Blocks, change.Bytes, isBefore ? default : LifetimeCounts.Of(interval.Index - change.Born, change.Blocks, change.Bytes)));
            if (!isBefore)
            {
                AddLive(change.Site, change.Born, -change.Blocks, -change.Bytes);
            }
        }
        Intervals++;
        // As many as there are sites there may always be: with one entry for each, nothing can be told apart less finely.
        var room = Math.Max(_maxBirths, 2 * _counts.Count);
        if (_births.Count > room)
        {
            Age(room - (room / FreePart));
        }
    }

    /// <summary>What a site did so far; nothing for one that is not known yet.</summary>
    internal SiteCounts CountsOf(int site) => site < _counts.Count ? _counts[site] : default;

    internal static ulong Birth(int site, int born) => (ulong)site << 32 | (uint)born;

    internal static (int Site, int Born) Birth(ulong birth) => ((int)(birth >> 32), (int)(uint)birth);

    private void Add(int site, SiteCounts change)
    {
        if (site >= _counts.Count)
        {
            CollectionsMarshal.SetCount(_counts, site + 1);
        }
        ref var counts = ref CollectionsMarshal.AsSpan(_counts)[site];
        counts = counts.Add(change);
    }

    private void AddLive(int site, int born, long blocks, long bytes)
    {
        var birth = Birth(site, Exact(born));
        ref var live = ref CollectionsMarshal.GetValueRefOrAddDefault(_births, birth, out _);
        live = new LiveCounts(live.Blocks + blocks, live.Bytes + bytes);
        if (live == default)
        {
            _births.Remove(birth);
        }
    }

    /// <summary>Joins births until they take no more entries than this.</summary>
    private void Age(int entries)
    {
        Aged = Math.Max(Aged, Intervals - (Intervals / NewestPart));
        do
        {
            Width *= 2;
            Aged = (Aged + Width - 1) / Width * Width;
            var joined = new Dictionary<ulong, LiveCounts>(_births.Count);
            foreach (var (birth, live) in _births)
            {
                var (site, born) = Birth(birth);
                ref var together = ref CollectionsMarshal.GetValueRefOrAddDefault(joined, Birth(site, Exact(born)), out _);
                together = new LiveCounts(together.Blocks + live.Blocks, together.Bytes + live.Bytes);
            }
            _births = joined;
            if (Width > Intervals)
            {
                // Only what is new is left.
                Aged = Math.Max(Aged, Intervals);
            }
        }
        while (_births.Count > entries);
    }

    /// <summary>What lives of one birth.</summary>
    internal readonly record struct LiveCounts(long Blocks, long Bytes);
}
