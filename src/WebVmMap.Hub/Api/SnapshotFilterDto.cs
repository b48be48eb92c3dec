using System.Globalization;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Which snapshots to list: the query of the address.</summary>
internal sealed record SnapshotFilterDto(
    string? Host, int? Pid, DateTimeOffset? StartTime, long? StartStamp, string? Process, string? Name, DateTimeOffset? From, DateTimeOffset? To,
    bool? Pinned, string? Origin, string? Schedule, string? Sort, bool? Ascending, int? Skip, int? Take)
{
    public const int MaximumTake = 500;
    private const int DefaultTake = 100;

    public int Count => Take ?? DefaultTake;

    /// <summary>The query, or what is wrong with it in one sentence.</summary>
    public (SnapshotQuery? Query, string Problem) ToQuery()
    {
        if (Skip < 0 || Count is < 1 or > MaximumTake)
        {
            return (null, $"skip is 0 or more, and take from 1 to {MaximumTake}.");
        }
        var cause = SnapshotCauseName.Parse(Origin);
        if (Origin is not null && cause is null)
        {
            return (null, $"origin is one of {SnapshotCauseName.All}.");
        }
        if (!Enum.TryParse<SnapshotOrder>(Sort ?? nameof(SnapshotOrder.TakenAt), ignoreCase: true, out var order) || !Enum.IsDefined(order))
        {
            return (null, $"sort is one of {string.Join(", ", Enum.GetNames<SnapshotOrder>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}.");
        }
        return (new SnapshotQuery
        {
            HostId = Host,
            Pid = Pid,
            StartTime = StartTime,
            StartStamp = StartStamp,
            ProcessName = Process,
            Name = Name,
            From = From,
            To = To,
            Pinned = Pinned,
            Cause = cause,
            ScheduleId = Schedule,
            Order = order,
            Ascending = Ascending ?? false,
            Skip = Skip ?? 0,
            Take = Count,
        }, "");
    }

    /// <summary>The query of the page after this one.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Next() => new Dictionary<string, string?>
    {
        ["host"] = Host,
        ["pid"] = Pid?.ToString(CultureInfo.InvariantCulture),
        ["startTime"] = StartTime?.ToString("O", CultureInfo.InvariantCulture),
        ["startStamp"] = StartStamp?.ToString(CultureInfo.InvariantCulture),
        ["process"] = Process,
        ["name"] = Name,
        ["from"] = From?.ToString("O", CultureInfo.InvariantCulture),
        ["to"] = To?.ToString("O", CultureInfo.InvariantCulture),
        ["pinned"] = Pinned?.ToString().ToLowerInvariant(),
        ["origin"] = Origin,
        ["schedule"] = Schedule,
        ["sort"] = Sort,
        ["ascending"] = Ascending?.ToString().ToLowerInvariant(),
        ["skip"] = ((Skip ?? 0) + Count).ToString(CultureInfo.InvariantCulture),
        ["take"] = Count.ToString(CultureInfo.InvariantCulture),
    }.Where(pair => pair.Value is not null);
}
