namespace WebVmMap.Hub.Recordings;

/// <summary>A named moment of a recording, as a load test's phase. Immutable.</summary>
/// <param name="At">When, by the hub's clock.</param>
/// <param name="Label">What it is called.</param>
/// <param name="By">Who made it.</param>
public sealed record RecordingMark(DateTimeOffset At, string Label, string By)
{
    /// <summary>Most characters of a label.</summary>
    public const int MaximumLabel = 100;

    /// <summary>Most marks of a recording.</summary>
    public const int Maximum = 1000;
}
