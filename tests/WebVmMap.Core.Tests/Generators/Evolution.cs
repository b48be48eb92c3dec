using System.Collections.Immutable;
using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Generators;

/// <summary>Snapshots of one process one after the other: most regions stay, some go, come or change, and texts are added.</summary>
internal static class Evolution
{
    public static readonly Gen<Snapshot[]> Any =
        Gen.Select(SnapshotGen.Any, Gen.Int[0, int.MaxValue], Gen.Int[1, 6]).Select((first, seed, count) =>
        {
            var random = new Random(seed);
            var snapshots = new Snapshot[count];
            snapshots[0] = first;
            for (var i = 1; i < count; i++)
            {
                snapshots[i] = Next(snapshots[i - 1], random);
            }
            return snapshots;
        });

    private static Snapshot Next(Snapshot before, Random random)
    {
        var strings = random.Next(3) == 0 ? before.Regions.Strings.Add($"new {random.Next(100)}") : before.Regions.Strings;
        return new Snapshot(Next(before.Regions, strings, random), before.Bounds)
        {
            Platform = before.Platform,
            Process = before.Process,
            TakenAt = before.TakenAt.AddSeconds(1),
            Cost = before.Cost,
            Counters = before.Counters,
            Notes = Next(before.Notes, random),
        };
    }

    private static ImmutableArray<SnapshotNote> Next(ImmutableArray<SnapshotNote> before, Random random) => random.Next(4) switch
    {
        0 => [],
        1 => before.Add(new SnapshotNote(SnapshotNoteKind.ChangedWhileRead, $"change {random.Next(100)}")),
        _ => before,
    };

    private static RegionTable Next(RegionTable before, ImmutableArray<string> strings, Random random)
    {
        var builder = new RegionTableBuilder();
        for (var row = 0; row < before.Count; row++)
        {
            var region = before[row];
            if (region.Category.IsGap())
            {
                // Now and then something is allocated where nothing was.
                if (region.Category == RegionCategory.Free && random.Next(10) == 0)
                {
                    var detail = random.Next(strings.Length);
                    builder.Add(region with { Size = 4096, Category = RegionCategory.PrivateData, Committed = 4096, Detail = detail });
                }
                continue;
            }
            switch (random.Next(10))
            {
                case 0:
                    break;
                case 1:
                    builder.Add(region with { PrivateWs = random.NextInt64(region.Size + 1), Detail = random.Next(strings.Length) });
                    break;
                case 2 when region.Size > 4096:
                    builder.Add(region with { Size = 4096, Protection = Protection.Read });
                    builder.Add(region with { Address = region.Address + 4096, Size = region.Size - 4096 });
                    break;
                case 3 when region.Size > 4096:
                    var address = region.Address + 4096;
                    builder.Add(region with { Address = address, Size = region.Size - 4096, AllocationBase = address });
                    break;
                default:
                    builder.Add(region);
                    break;
            }
        }
        return builder.Build(strings);
    }
}
