namespace WebVmMap.Hub.Store.Records;

/// <summary>A mark of a recording.</summary>
internal sealed class RecordingMarkRecord
{
    public long Id { get; init; }

    public required string RecordingId { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Label { get; init; }

    public string CreatedBy { get; init; } = "";
}
