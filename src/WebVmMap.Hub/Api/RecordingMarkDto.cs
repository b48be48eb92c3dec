using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A mark on a recording's timeline.</summary>
internal sealed record RecordingMarkDto(DateTime Time, string Label, string By)
{
    public static RecordingMarkDto Of(RecordingMark mark) => new(mark.At.UtcDateTime, mark.Label, mark.By);
}
