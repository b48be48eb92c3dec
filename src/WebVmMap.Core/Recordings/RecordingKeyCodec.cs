using System.Runtime.InteropServices;
using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Recordings;

/// <summary>Key frames as they rest in the hub's store (docs/formats.md "Recording key frame"). Thread-safe.</summary>
internal static class RecordingKeyCodec
{
    private const byte Version = 1;
    // Additions of version 1 have of what the program got from the system itself no more than what was live.
    private const byte AdditionsVersion = 2;
    private const int MaxWidth = 1 << 24;
    private const int FiguresOfMoment = 9;

    // A count of a site, in the order in which they are written.
    private static readonly Func<SiteCounts, long>[] s_counts =
    [
        counts => counts.Blocks, counts => counts.Bytes, counts => counts.FreedBlocks, counts => counts.FreedBytes,
        counts => counts.Short.Blocks, counts => counts.Short.Bytes, counts => counts.Short.SecondBlocks, counts => counts.Short.SecondBytes,
        counts => counts.Short.TenBlocks, counts => counts.Short.TenBytes,
    ];

    /// <exception cref="ArgumentException">It is beyond the limits of the format.</exception>
    public static byte[] EncodeAdditions(RecordingKeyAdditions additions)
    {
        using var writer = new FormatWriter();
        writer.Byte(AdditionsVersion);
        writer.Unsigned(additions.Since, "number of the first interval");
        var tables = RecordingCodec.Encode(additions.Tables);
        writer.Varint((ulong)tables.Length);
        writer.Bytes(tables);
        writer.Varint((ulong)additions.Ends.Length);
        var before = 0L;
        foreach (var end in additions.Ends)
        {
            writer.ZigZag(end.ToUnixTimeMilliseconds() - before);
            before = end.ToUnixTimeMilliseconds();
        }
        writer.Varint((ulong)additions.Moments.Count);
        before = 0;
        foreach (var (moment, intervals) in additions.Moments)
        {
            writer.Varint((ulong)intervals);
            writer.ZigZag(moment.EndedAt.ToUnixTimeMilliseconds() - before);
            before = moment.EndedAt.ToUnixTimeMilliseconds();
            foreach (var figure in Figures(moment))
            {
                writer.ZigZag(figure);
            }
        }
        return writer.Written.ToArray();
    }

    /// <summary>Whether additions are of a version before this one: what they leave out is in the intervals.</summary>
    public static bool IsOld(ReadOnlySpan<byte> additions) => additions is [> 0 and < AdditionsVersion, ..];

    /// <exception cref="InvalidDataException">A rule of the format is broken.</exception>
    public static RecordingKeyAdditions DecodeAdditions(ReadOnlySpan<byte> data)
    {
        var reader = new FormatReader(data);
        Begin(ref reader, AdditionsVersion);
        var since = (int)reader.Varint("number of the first interval", RecordingLimits.MaxIntervals - 1);
        var length = (int)reader.Varint("length of the tables", RecordingLimits.MaxIntervalBytes);
        if (length > reader.Remaining)
        {
            throw new InvalidDataException("The data ends within the tables.");
        }
        var tables = RecordingCodec.Decode(reader.Rest[..length]);
        reader.Skip(length);
        var ends = new DateTimeOffset[reader.Count("ends", RecordingLimits.MaxIntervals)];
        var before = 0L;
        foreach (ref var end in ends.AsSpan())
        {
            before = unchecked(before + reader.ZigZag("end of an interval"));
            end = UnixTime.FromMilliseconds(before, "end of an interval");
        }
        if (since + ends.Length != tables.Index + 1)
        {
            throw new InvalidDataException($"A key frame of {tables.Index + 1} intervals tells the ends of {ends.Length} from {since} on.");
        }
        var moments = new (RecordingMoment, int)[reader.Count("points of the timeline", RecordingTimeline.MaxMoments)];
        Span<long> figures = stackalloc long[FiguresOfMoment];
        before = 0;
        foreach (ref var moment in moments.AsSpan())
        {
            var intervals = (int)reader.Varint("intervals of a point", MaxWidth);
            before = unchecked(before + reader.ZigZag("time of a point"));
            var time = UnixTime.FromMilliseconds(before, "time of a point");
            foreach (ref var figure in figures)
            {
                figure = reader.ZigZag("figure of a point");
            }
            moment = (new RecordingMoment(time, figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6], figures[7], figures[8]), Math.Max(1, intervals));
        }
        reader.End();
        return new(since, tables, ImmutableCollectionsMarshal.AsImmutableArray(ends), moments);
    }

    public static byte[] EncodeLedger(SiteLedger ledger)
    {
        using var writer = new FormatWriter();
        writer.Byte(Version);
        writer.Unsigned(ledger.Intervals, "number of intervals");
        writer.Unsigned(ledger.Width, "width of births");
        writer.Unsigned(ledger.Aged / ledger.Width, "age of births");
        writer.Varint((ulong)ledger.Counts.Count);
        var column = new ulong[ledger.Counts.Count];
        foreach (var count in s_counts)
        {
            for (var site = 0; site < column.Length; site++)
            {
                column[site] = (ulong)count(ledger.Counts[site]);
            }
            writer.Column(column);
        }
        var births = ledger.BirthsBySite.Keys.ToArray();
        Array.Sort(births);
        writer.Varint((ulong)births.Length);
        var (siteBefore, bornBefore) = (0, 0);
        foreach (var birth in births)
        {
            var (site, born) = SiteLedger.Birth(birth);
            var live = ledger.BirthsBySite[birth];
            writer.Varint((ulong)(site - siteBefore));
            writer.ZigZag(born - bornBefore);
            writer.ZigZag(live.Blocks);
            writer.ZigZag(live.Bytes);
            (siteBefore, bornBefore) = (site, born);
        }
        return writer.Written.ToArray();
    }

    /// <exception cref="InvalidDataException">A rule of the format is broken.</exception>
    public static SiteLedger DecodeLedger(ReadOnlySpan<byte> data)
    {
        var reader = new FormatReader(data);
        Begin(ref reader, Version);
        var intervals = (int)reader.Varint("number of intervals", RecordingLimits.MaxIntervals);
        var width = (int)reader.Varint("width of births", MaxWidth);
        if (width == 0 || (width & (width - 1)) != 0)
        {
            throw new InvalidDataException($"The width of births is {width}; it has to be a power of two.");
        }
        var aged = (int)reader.Varint("age of births", (ulong)(int.MaxValue / width)) * width;
        var count = (int)reader.Varint("count of sites", RecordingLimits.MaxSites);
        var columns = new ulong[s_counts.Length][];
        for (var column = 0; column < columns.Length; column++)
        {
            reader.Column(columns[column] = new ulong[count], "counts of sites");
        }
        var sites = new List<SiteCounts>(count);
        for (var site = 0; site < count; site++)
        {
            long Of(int column) => (long)columns[column][site];
            sites.Add(new SiteCounts(Of(0), Of(1), Of(2), Of(3), new LifetimeCounts(Of(4), Of(5), Of(6), Of(7), Of(8), Of(9))));
        }
        var length = reader.Count("births", int.MaxValue);
        var births = new Dictionary<ulong, SiteLedger.LiveCounts>(length);
        var (lastSite, lastBorn) = (0L, 0L);
        for (var i = 0; i < length; i++)
        {
            lastSite += (long)reader.Varint("site of a birth", RecordingLimits.MaxSites);
            lastBorn += reader.ZigZag("birth");
            if (lastSite >= count || lastBorn < 0 || lastBorn >= RecordingLimits.MaxIntervals)
            {
                throw new InvalidDataException($"Site {lastSite} and birth {lastBorn} are not of this recording.");
            }
            births[SiteLedger.Birth((int)lastSite, (int)lastBorn)] = new(reader.ZigZag("live blocks"), reader.ZigZag("live bytes"));
        }
        reader.End();
        return new SiteLedger(intervals, aged, width, sites, births);
    }

    private static long[] Figures(in RecordingMoment moment) =>
    [
        moment.LiveBytes, moment.LiveBlocks, moment.AllocatedBytes, moment.Allocations, moment.FreedBytes, moment.Frees,
        moment.LiveVirtualBytes, moment.VirtualAllocatedBytes, moment.VirtualFreedBytes,
    ];

    private static void Begin(ref FormatReader reader, byte known)
    {
        if (reader.Byte("version") is var version && version != known)
        {
            throw new InvalidDataException($"The key frame has version {version}; only {known} is known.");
        }
    }
}
