using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>A diff as a picture gets it: see <see cref="DiffCodec"/>.</summary>
/// <param name="Platform">The system of both snapshots.</param>
/// <param name="BoundsBefore">The address space of the older one.</param>
/// <param name="BoundsAfter">The address space of the newer one.</param>
/// <param name="Regions">
/// The union. Its tables hold the regions in use alone, without Free and Unusable rows, so row numbers differ from those of the snapshots.
/// </param>
public sealed record SentDiff(HostPlatform Platform, AddressSpaceBounds BoundsBefore, AddressSpaceBounds BoundsAfter, RegionDiff Regions);
