using System.Runtime.InteropServices;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>Turns walked regions and claims into pieces with a category and a detail each. Keeps its room between passes.</summary>
internal sealed class PieceBuilder
{
    private readonly List<Piece> _pieces = [];

    /// <summary>The pieces, ascending.</summary>
    public Span<Piece> Pieces => CollectionsMarshal.AsSpan(_pieces);

    /// <summary>True when an image among them is the runtime of .NET.</summary>
    public bool HasManagedRuntime { get; private set; }

    /// <summary>How many images and files have no name that could be read.</summary>
    public int Nameless { get; private set; }

    /// <summary>How many mappings have no name where the system does not tell either whether a file is behind them.</summary>
    public int Untold { get; private set; }

    /// <summary>Makes the pieces of a pass.</summary>
    public void Build(IWindowsProcess process, RegionWalk walk, ClaimList claims, StringTable strings, CancellationToken cancellation)
    {
        _pieces.Clear();
        HasManagedRuntime = false;
        Nameless = 0;
        Untold = 0;
        var allocation = ulong.MaxValue;
        var nature = default(Nature);
        var claim = 0;
        foreach (ref readonly var region in walk.Regions)
        {
            if (region.AllocationBase != allocation || nature.Type != region.Type)
            {
                cancellation.ThrowIfCancellationRequested();
                allocation = region.AllocationBase;
                nature = Describe(process, region);
            }
            while (claim < claims.Count && claims[claim].End <= region.BaseAddress)
            {
                claim++;
            }
            Cut(region, nature, claims, claim, strings);
        }
    }

    /// <summary>How many gaps there are between the pieces, before the first and after the last counted too.</summary>
    public int CountGaps()
    {
        var gaps = 2;
        var pieces = Pieces;
        for (var i = 1; i < pieces.Length; i++)
        {
            gaps += pieces[i - 1].Address + pieces[i - 1].Size == pieces[i].Address ? 0 : 1;
        }
        return gaps;
    }

    private void Cut(in MemoryBasicInformation region, in Nature nature, ClaimList claims, int claim, StringTable strings)
    {
        for (var start = region.BaseAddress; start < region.End;)
        {
            var claimed = claim < claims.Count && claims[claim].Start <= start;
            var end = claim == claims.Count ? region.End
                : Math.Min(region.End, claimed ? claims[claim].End : claims[claim].Start);
            var detail = !claimed ? nature.Detail
                : nature.Detail.Length == 0 ? claims[claim].Detail
                : $"{nature.Detail} [{claims[claim].Detail}]";
            _pieces.Add(new Piece
            {
                Address = start,
                Size = end - start,
                AllocationBase = region.AllocationBase,
                AllocationProtect = region.AllocationProtect,
                Protect = region.Protect,
                State = region.State,
                Type = region.Type,
                Category = (claimed ? claims[claim].Category : null) ?? nature.Category,
                Detail = strings.Intern(TargetText.Printable(detail)),
            });
            start = end;
            claim += claimed ? 1 : 0;
        }
    }

    // What an allocation is by its type alone. The system tells a data file from pagefile memory; where it does not, the name does.
    private Nature Describe(IWindowsProcess process, in MemoryBasicInformation region)
    {
        var told = process.TryDescribeAllocation(region.BaseAddress, out var allocation);
        var traits = told ? allocation.Traits : AllocationTraits.None;
        switch (region.Type)
        {
            case MemoryType.Image:
                var image = process.MappedFileName(region.AllocationBase) ?? "";
                Nameless += image.Length == 0 ? 1 : 0;
                HasManagedRuntime |= ManagedRuntimes.IsOne(image);
                return new Nature(region.Type, RegionCategory.Image, image);
            case MemoryType.Mapped when traits.HasFlag(AllocationTraits.MappedPageFile):
                return new Nature(region.Type, RegionCategory.Shareable, "");
            case MemoryType.Mapped when traits.HasFlag(AllocationTraits.MappedPhysical):
                return new Nature(region.Type, RegionCategory.Shareable, "Physical Memory");
            case MemoryType.Mapped:
                var file = process.MappedFileName(region.AllocationBase) ?? "";
                var isFile = file.Length > 0 || traits.HasFlag(AllocationTraits.MappedDataFile);
                Nameless += isFile && file.Length == 0 ? 1 : 0;
                Untold += !isFile && !told ? 1 : 0;
                return new Nature(region.Type, isFile ? RegionCategory.MappedFile : RegionCategory.Shareable, file);
            default:
                return new Nature(region.Type, RegionCategory.PrivateData, PrivateDetail(traits));
        }
    }

    private static string PrivateDetail(AllocationTraits traits) =>
        traits.HasFlag(AllocationTraits.MappedAwe) ? "AWE"
        : traits.HasFlag(AllocationTraits.SoftwareEnclave) ? "Enclave"
        : traits.HasFlag(AllocationTraits.PlaceholderReservation) ? "Placeholder"
        : traits.HasFlag(AllocationTraits.PageSizeHuge) ? "Huge Pages"
        : traits.HasFlag(AllocationTraits.PageSizeLarge) ? "Large Pages"
        : "";

    private readonly record struct Nature(MemoryType Type, RegionCategory Category, string Detail);
}
