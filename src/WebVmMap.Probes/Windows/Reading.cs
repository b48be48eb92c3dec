using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Windows;

/// <summary>What one pass found.</summary>
/// <param name="Regions">The regions in use, and the gaps between them.</param>
/// <param name="Bounds">The address space that the program can use.</param>
/// <param name="Counters">The system's figures after the pass, with the estimate of the page tables.</param>
/// <param name="Notes">What a reader has to know.</param>
/// <param name="Managed">True when the runtime of .NET is loaded.</param>
internal sealed record Reading(
    RegionTable Regions,
    AddressSpaceBounds Bounds,
    ProcessCounters Counters,
    ImmutableArray<SnapshotNote> Notes,
    bool Managed);
