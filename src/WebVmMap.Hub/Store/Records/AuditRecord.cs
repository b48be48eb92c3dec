namespace WebVmMap.Hub.Store.Records;

/// <summary>Who did what, when.</summary>
internal sealed class AuditRecord
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Who { get; init; }

    public required string Action { get; init; }

    /// <summary>What it was done to: an id.</summary>
    public string Target { get; init; } = "";

    /// <summary>In words.</summary>
    public string Details { get; init; } = "";
}
