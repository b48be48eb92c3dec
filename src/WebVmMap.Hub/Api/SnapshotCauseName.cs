using System.Text.Json;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Api;

/// <summary>What made a snapshot, as the API spells it.</summary>
internal static class SnapshotCauseName
{
    private static readonly SnapshotCause[] s_all = [.. Enum.GetValues<SnapshotCause>().Where(c => c != SnapshotCause.Unspecified)];

    /// <summary><c>byHand, schedule, rule, import</c>.</summary>
    public static string All => string.Join(", ", s_all.Select(Of));

    /// <summary>Its name.</summary>
    public static string Of(SnapshotCause cause) => JsonNamingPolicy.CamelCase.ConvertName(cause.ToString());

    /// <summary>The one of this name, or null.</summary>
    public static SnapshotCause? Parse(string? name) => s_all.Where(c => string.Equals(Of(c), name, StringComparison.OrdinalIgnoreCase)).Cast<SnapshotCause?>().FirstOrDefault();
}
