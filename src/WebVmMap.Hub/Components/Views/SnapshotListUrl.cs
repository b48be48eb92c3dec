using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Components.Views;

/// <summary>What a list of snapshots shows, in its address. What cannot be read there does not restrict.</summary>
public static class SnapshotListUrl
{
    private const int MaximumText = 500;

    /// <summary>Reads the query of an address.</summary>
    public static SnapshotQuery Parse(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        var order = Enum.TryParse<SnapshotOrder>(Text("sort"), ignoreCase: true, out var by) && Enum.IsDefined(by) ? by : SnapshotOrder.TakenAt;
        return new SnapshotQuery
        {
            HostId = Text("host"),
            Pid = int.TryParse(Text("pid"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null,
            StartStamp = long.TryParse(Text("start"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start) ? start : null,
            ProcessName = Text("process"),
            Name = Text("q"),
            From = Day("from"),
            To = Day("to"),
            Pinned = Text("pinned") == "1" ? true : null,
            Cause = Enum.TryParse<SnapshotCause>(Text("origin"), ignoreCase: true, out var cause) && Enum.IsDefined(cause) && cause != SnapshotCause.Unspecified ? cause : null,
            ScheduleId = Text("schedule"),
            Order = order,
            Ascending = Text("dir") == "up",
        };

        string? Text(string name) => values.TryGetValue(name, out StringValues value) && value.ToString() is { Length: > 0 and <= MaximumText } text ? text : null;

        DateTimeOffset? Day(string name) => DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day) ? day : null;
    }

    /// <summary>The address that shows it.</summary>
    public static string Of(SnapshotQuery query) => QueryHelpers.AddQueryString("/snapshots", new Dictionary<string, string?>
    {
        ["host"] = query.HostId,
        ["pid"] = query.Pid?.ToString(CultureInfo.InvariantCulture),
        ["start"] = query.StartStamp?.ToString(CultureInfo.InvariantCulture),
        ["process"] = query.ProcessName,
        ["q"] = query.Name,
        ["from"] = Day(query.From),
        ["to"] = Day(query.To),
        ["pinned"] = query.Pinned == true ? "1" : null,
        ["origin"] = query.Cause?.ToString().ToLowerInvariant(),
        ["schedule"] = query.ScheduleId,
        ["sort"] = query.Order == SnapshotOrder.TakenAt ? null : query.Order.ToString().ToLowerInvariant(),
        ["dir"] = query.Ascending ? "up" : null,
    }.Where(pair => pair.Value is not null));

    private static string? Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
