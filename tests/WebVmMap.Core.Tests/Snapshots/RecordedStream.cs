using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Snapshots;

/// <summary>
/// A stream of frames in tests/Shared/frames, with what each one has to be decoded to. The TypeScript tests read them too.
/// </summary>
/// <param name="About">What it shows.</param>
/// <param name="IncludeGaps">Whether Free and Unusable rows travel.</param>
/// <param name="Columns">The names of the values of a row, in order.</param>
/// <param name="Frames">The frames in order.</param>
public sealed record RecordedStream(string About, bool IncludeGaps, string[] Columns, RecordedStream.Frame[] Frames)
{
    public static readonly string[] RowColumns =
    [
        "address", "size", "allocationBase", "category", "protection", "details", "committed", "private",
        "privateWs", "shareableWs", "sharedWs", "lockedWs", "pss", "swap",
    ];

    /// <summary>A frame and the picture that it leads to.</summary>
    /// <param name="Base64">The frame.</param>
    /// <param name="Key">Whether it is a key frame.</param>
    /// <param name="Sequence">Its number.</param>
    /// <param name="Platform">From the key frame on.</param>
    /// <param name="Lowest">Lowest address, hexadecimal.</param>
    /// <param name="End">End of the address space, hexadecimal.</param>
    /// <param name="Granularity">In bytes.</param>
    /// <param name="TakenAt">Milliseconds since 1970.</param>
    /// <param name="ElapsedMs">Milliseconds.</param>
    /// <param name="AgentCpuMs">Milliseconds.</param>
    /// <param name="Counters">
    /// In bytes, null where not told: working set, private commit, resident anonymous, swap, virtual size, page table.
    /// </param>
    /// <param name="Notes">As <c>kind|text</c>, the kind by number.</param>
    /// <param name="Rows">Every row of the picture, as text: addresses hexadecimal, the category by number, figures in bytes.</param>
    public sealed record Frame(
        string Base64,
        bool Key,
        long Sequence,
        HostPlatform Platform,
        string Lowest,
        string End,
        int Granularity,
        long TakenAt,
        double ElapsedMs,
        double AgentCpuMs,
        long?[] Counters,
        string[] Notes,
        string[] Rows);

    /// <summary>Encodes snapshots one after the other. One marked lost is made, but the receiver never gets it.</summary>
    public static RecordedStream Of(string about, bool includeGaps, params (Snapshot Snapshot, bool Lost)[] samples)
    {
        var encoder = new FrameEncoder(includeGaps);
        var frames = new List<Frame>();
        var lost = false;
        foreach (var sample in samples)
        {
            // After a loss the sender begins again with a key frame, and the sequence shows the gap.
            var bytes = lost ? encoder.Key(sample.Snapshot) : encoder.Next(sample.Snapshot);
            lost = sample.Lost;
            if (!lost)
            {
                frames.Add(Expect(bytes, encoder.Sequence, sample.Snapshot, includeGaps));
            }
        }
        return new RecordedStream(about, includeGaps, RowColumns, [.. frames]);
    }

    /// <summary>What a frame has to be decoded to.</summary>
    public static Frame Expect(byte[] bytes, long sequence, Snapshot snapshot, bool includeGaps) => new(
        Convert.ToBase64String(bytes),
        bytes[1] == 1,
        sequence,
        snapshot.Platform,
        Hex(snapshot.Bounds.Lowest),
        Hex(snapshot.Bounds.End),
        snapshot.Bounds.Granularity,
        snapshot.TakenAt.ToUnixTimeMilliseconds(),
        snapshot.Cost.ElapsedMs,
        snapshot.Cost.AgentCpuMs,
        [
            snapshot.Counters.WorkingSet, snapshot.Counters.PrivateCommit, snapshot.Counters.ResidentAnonymous,
            snapshot.Counters.Swap, snapshot.Counters.VirtualSize, snapshot.Counters.PageTable,
        ],
        [.. snapshot.Notes.Select(note => $"{Text((int)note.Kind)}|{note.Text}")],
        Rows(snapshot.Regions, includeGaps));

    private static string[] Rows(RegionTable table, bool includeGaps) =>
    [
        .. Enumerable.Range(0, table.Count).Where(row => includeGaps || !table.Categories[row].IsGap()).Select(row => Row(table, row)),
    ];

    private static string Row(RegionTable table, int row)
    {
        var r = table[row];
        return string.Join(
            '|',
            [
                Hex(r.Address), Text(r.Size), Hex(r.AllocationBase), Text((int)r.Category), Text((int)r.Protection), table.DetailText(row),
                Text(r.Committed), Text(r.Private), Text(r.PrivateWs), Text(r.ShareableWs),
                Text(r.SharedWs), Text(r.LockedWs), Text(r.Pss), Text(r.Swap),
            ]);
    }

    private static string Hex(ulong value) => $"0x{value:x}";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
