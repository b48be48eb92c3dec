using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using WebVmMap.Core.Fragmentation;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Snapshots;

/// <summary>
/// Every region of a process at one moment, with what it cost to take. Immutable and thread-safe; allocations, summary
/// and fragmentation are worked out on first use.
/// </summary>
public sealed class Snapshot
{
    private readonly Lazy<AllocationTable> _allocations;
    private readonly Lazy<SnapshotSummary> _summary;
    private readonly Lazy<FragmentationReport> _fragmentation;

    /// <summary>Builds a snapshot from the regions in use; Free and Unusable rows are derived here.</summary>
    /// <param name="observed">The regions that a probe saw.</param>
    /// <param name="bounds">The address space that they lie in.</param>
    public Snapshot(RegionTable observed, AddressSpaceBounds bounds)
    {
        Bounds = bounds;
        Regions = AddressSpace.Complete(observed, bounds);
        _allocations = new(() => AllocationTable.Of(Regions));
        _summary = new(() => SnapshotSummary.Of(Regions, Counters, Platform));
        _fragmentation = new(() => FragmentationReport.Of(Allocations));
    }

    [SetsRequiredMembers]
    private Snapshot(Snapshot other, ImmutableArray<SnapshotNote> notes)
    {
        Bounds = other.Bounds;
        Regions = other.Regions;
        Platform = other.Platform;
        Process = other.Process;
        TakenAt = other.TakenAt;
        Cost = other.Cost;
        Counters = other.Counters;
        Notes = notes;
        _allocations = other._allocations;
        _summary = other._summary;
        _fragmentation = other._fragmentation;
    }

    /// <summary>Which system it was taken on.</summary>
    public required HostPlatform Platform { get; init; }

    /// <summary>The process, as it was then.</summary>
    public required ProcessInfo Process { get; init; }

    /// <summary>When the reading began, UTC.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What it cost.</summary>
    public SnapshotCost Cost { get; init; }

    /// <summary>The system's own figures at that moment.</summary>
    public ProcessCounters Counters { get; init; }

    /// <summary>What a reader has to know about these figures.</summary>
    public ImmutableArray<SnapshotNote> Notes { get; init; } = [];

    /// <summary>The address space that the regions lie in.</summary>
    public AddressSpaceBounds Bounds { get; }

    /// <summary>Every region, Free and Unusable ones included, ascending by address.</summary>
    public RegionTable Regions { get; }

    /// <summary>The regions grouped by allocation.</summary>
    public AllocationTable Allocations => _allocations.Value;

    /// <summary>Sums by category.</summary>
    public SnapshotSummary Summary => _summary.Value;

    /// <summary>How broken up its address space is.</summary>
    public FragmentationReport Fragmentation => _fragmentation.Value;

    /// <summary>The same snapshot with other notes. It shares its regions with this one.</summary>
    public Snapshot WithNotes(ImmutableArray<SnapshotNote> notes) => new(this, notes);
}
