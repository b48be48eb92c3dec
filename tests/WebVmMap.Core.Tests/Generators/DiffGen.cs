using CsCheck;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Generators;

/// <summary>Pairs of snapshots and their diffs.</summary>
internal static class DiffGen
{
    /// <summary>Two moments of one process, and two processes that have nothing to do with each other; of one platform always.</summary>
    public static readonly Gen<(Snapshot Before, Snapshot After)> Pairs = Gen.OneOf(
        Evolution.Any.Select(snapshots => (snapshots[0], snapshots[^1])),
        Gen.Select(SnapshotGen.Any, SnapshotGen.Any).Where(pair => pair.Item1.Platform == pair.Item2.Platform));

    /// <summary>How to match.</summary>
    public static readonly Gen<DiffMatching> Matchings = Gen.Bool.Select(address => address ? DiffMatching.Address : DiffMatching.Identity);

    /// <summary>Diffs of the pairs.</summary>
    public static readonly Gen<SnapshotDiff> Any =
        Gen.Select(Pairs, Matchings).Select((pair, matching) => SnapshotDiff.Between(pair.Before, pair.After, matching));
}
