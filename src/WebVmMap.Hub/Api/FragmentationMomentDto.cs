using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>One snapshot of a process's history.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
/// <param name="FreeBytes">What was free.</param>
/// <param name="LargestFree">The largest free block.</param>
/// <param name="UnusableBytes">What nobody could allocate.</param>
internal sealed record FragmentationMomentDto(string Id, DateTime TakenAt, long FreeBytes, long LargestFree, long UnusableBytes)
{
    public static FragmentationMomentDto Of(FragmentationMoment moment) =>
        new(moment.Id, moment.TakenAt.UtcDateTime, moment.FreeBytes, moment.LargestFree, moment.UnusableBytes);
}
