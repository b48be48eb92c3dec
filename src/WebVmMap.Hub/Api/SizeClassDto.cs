using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>What blocks of one class of sizes did in a span.</summary>
/// <param name="SizeClass">Number of the class; 0 for blocks of which nobody knows the size.</param>
/// <param name="From">The smallest size, in bytes.</param>
/// <param name="UpTo">The largest; left out for class 0.</param>
/// <param name="Total">What they did.</param>
internal sealed record SizeClassDto(int SizeClass, long From, long? UpTo, AllocationFiguresDto Total)
{
    public static SizeClassDto Of(byte sizeClass, AllocationFigures figures) => new(
        sizeClass, Core.Recordings.SizeClass.From(sizeClass), sizeClass == 0 ? null : Core.Recordings.SizeClass.UpTo(sizeClass), AllocationFiguresDto.Of(figures));
}
