using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A function on a stack, innermost first.</summary>
internal sealed record StackFrameDto(string Function, string Module, string File, int Line)
{
    public static StackFrameDto Of(CodePlace place) => new(place.Function, place.Module, place.File, place.Line);
}
