using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>How broken up an address space was at one moment. Bytes of address space. Immutable.</summary>
/// <param name="Id">Id of the kept snapshot; empty for one that is not kept.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
/// <param name="FreeBytes">What was free.</param>
/// <param name="LargestFree">The largest free block.</param>
/// <param name="UnusableBytes">What nobody could allocate.</param>
public sealed record FragmentationMoment(string Id, DateTimeOffset TakenAt, long FreeBytes, long LargestFree, long UnusableBytes)
{
    /// <summary>That of a snapshot.</summary>
    public static FragmentationMoment Of(string id, Snapshot snapshot)
    {
        var free = snapshot.Summary[RegionCategory.Free];
        return new FragmentationMoment(id, snapshot.TakenAt, free.Size, free.Largest, snapshot.Summary[RegionCategory.Unusable].Size);
    }
}
