using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// What changed from one snapshot to another: of one process, of two runs, or of one program on two hosts. Immutable and
/// thread-safe. docs/compare.md says how to read it.
/// </summary>
public sealed class SnapshotDiff
{
    private readonly Lazy<DiffSummary> _summary;

    private SnapshotDiff(Snapshot before, Snapshot after, RegionDiff regions)
    {
        Before = before;
        After = after;
        Regions = regions;
        _summary = new(() => DiffSummary.Between(Before.Summary, After.Summary));
    }

    /// <summary>The older snapshot, or the one to compare with.</summary>
    public Snapshot Before { get; }

    /// <summary>The newer snapshot.</summary>
    public Snapshot After { get; }

    /// <summary>How regions were brought together.</summary>
    public DiffMatching Matching => Regions.Matching;

    /// <summary>The regions of both; its rows index <see cref="Snapshot.Regions"/> of <see cref="Before"/> and <see cref="After"/>.</summary>
    public RegionDiff Regions { get; }

    /// <summary>Sums by category, before and after.</summary>
    public DiffSummary Summary => _summary.Value;

    /// <summary>Whether two snapshots can be compared at all.</summary>
    /// <returns>Null when they can; else one sentence that says why not.</returns>
    public static string? Refusal(Snapshot before, Snapshot after) => before.Platform == after.Platform
        ? null
        : $"A process on {before.Platform} and one on {after.Platform} cannot be compared: their regions, categories and figures mean different things.";

    /// <summary>
    /// How two snapshots are to be matched: by address when they are of one process of one host and share their address space,
    /// otherwise by identity. A Linux process keeps its id and start when it replaces its program (execve): then no library lies
    /// where it lay, and matching is by identity as well.
    /// </summary>
    /// <param name="before">The older one.</param>
    /// <param name="after">The newer one.</param>
    /// <param name="sameHost">Whether both were taken on the same host, which a snapshot does not know.</param>
    public static DiffMatching MatchingOf(Snapshot before, Snapshot after, bool sameHost) =>
        sameHost && before.Process.Key == after.Process.Key && ShareAddressSpace(before.Regions, after.Regions)
            ? DiffMatching.Address
            : DiffMatching.Identity;

    /// <summary>Compares two snapshots, matched as <see cref="MatchingOf"/> says.</summary>
    /// <param name="before">The older one.</param>
    /// <param name="after">The newer one.</param>
    /// <param name="sameHost">Whether both were taken on the same host.</param>
    /// <exception cref="ArgumentException">They cannot be compared: see <see cref="Refusal"/>.</exception>
    public static SnapshotDiff Between(Snapshot before, Snapshot after, bool sameHost) =>
        Between(before, after, MatchingOf(before, after, sameHost));

    /// <summary>Compares two snapshots, matched as one likes.</summary>
    /// <exception cref="ArgumentException">They cannot be compared: see <see cref="Refusal"/>.</exception>
    public static SnapshotDiff Between(Snapshot before, Snapshot after, DiffMatching matching)
    {
        if (Refusal(before, after) is { } refusal)
        {
            throw new ArgumentException(refusal, nameof(after));
        }
        if (matching is not (DiffMatching.Address or DiffMatching.Identity))
        {
            throw new ArgumentOutOfRangeException(nameof(matching), matching, "Snapshots are matched by address or by identity.");
        }
        return new SnapshotDiff(before, after, RegionDiffBuilder.Build(before.Allocations, after.Allocations, matching));
    }

    private static bool ShareAddressSpace(RegionTable before, RegionTable after)
    {
        var images = 0;
        for (var row = 0; row < before.Count; row++)
        {
            // The kernel's own pages ([vdso], [vsyscall]) have no file; the latter lies at one address in every process.
            if (before.Categories[row] != RegionCategory.Image || before.DetailText(row).StartsWith('['))
            {
                continue;
            }
            images++;
            if (after.Find(before.Addresses[row]) is var same and >= 0
                && after.Categories[same] == RegionCategory.Image
                && after.DetailText(same) == before.DetailText(row))
            {
                return true;
            }
        }
        return images == 0;
    }
}
