using System.Text.Json;
using System.Text.Json.Serialization;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Api;

/// <summary>A region that changed.</summary>
internal sealed record DiffRegionDto
{
    /// <summary><c>added</c>, <c>removed</c>, <c>grown</c>, <c>shrunk</c> or <c>changed</c>.</summary>
    public required string Change { get; init; }

    /// <summary>In what it differs: <c>size</c>, <c>protection</c>, <c>residency</c>, ...</summary>
    public required IReadOnlyList<string> Aspects { get; init; }

    /// <summary>Its address after, or before where it was removed; hexadecimal.</summary>
    public required string Address { get; init; }

    /// <summary>Its category after, or before where it was removed.</summary>
    public required string Category { get; init; }

    /// <summary>The region before; null where it was added.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required RegionDto? Before { get; init; }

    /// <summary>The region after; null where it was removed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required RegionDto? After { get; init; }

    /// <summary>After - before, a side that is missing counting as 0.</summary>
    public required FiguresDto Delta { get; init; }

    public static DiffRegionDto Of(SnapshotDiff diff, int row)
    {
        var union = diff.Regions;
        return new DiffRegionDto
        {
            Change = Name(union.Changes[row].ToString()),
            Aspects = [.. Enum.GetValues<DiffAspects>().Where(a => a != DiffAspects.None && union.Aspects[row].HasFlag(a)).Select(a => Name(a.ToString()))],
            Address = $"0x{union.Address(row):x}",
            Category = union.Category(row).DisplayName(),
            Before = union.BeforeRows[row] is var before and >= 0 ? RegionList.Block(union.Before, before, diff.Before.Platform) : null,
            After = union.AfterRows[row] is var after and >= 0 ? RegionList.Block(union.After, after, diff.After.Platform) : null,
            Delta = FiguresDto.Of(metric => union.Delta(metric, row)),
        };
    }

    private static string Name(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
