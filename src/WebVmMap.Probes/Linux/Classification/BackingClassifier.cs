using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Memory;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>
/// The first look: what each mapping's backing and name say, and which neighbours are one allocation. An allocation is a run
/// of neighbouring mappings of one file (for an image all its segments and its .bss), else a mapping of its own. Anonymous
/// memory that no name explains is left as Private Data for the finders after this one.
/// </summary>
internal sealed class BackingClassifier
{
    private int _imageName;
    private ulong _imageBase;
    private ulong _imageEnd;
    private bool _imageEndKnown;

    /// <summary>Marks every region.</summary>
    public void Classify(Span<SmapsRegion> regions, MappingNames names, RemoteMemory memory)
    {
        foreach (ref var region in regions)
        {
            if (region.Name != 0 && (region.Protection & Protection.Execute) != 0)
            {
                names[region.Name]!.ExecutableInPass = names.Pass;
            }
        }
        _imageName = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            ref var region = ref regions[i];
            var follows = RegionRuns.FollowsPrevious(regions, i);
            if (region.Name == 0)
            {
                Unnamed(ref region, regions, i, follows, names);
                continue;
            }
            var name = names[region.Name]!;
            switch (name.Kind)
            {
                case MappingKind.File:
                    File(ref region, regions, i, follows, name, names.Pass, memory);
                    continue;
                case MappingKind.SharedMemory when !region.IsShared && name.ExecutableInPass == names.Pass:
                    // A library loaded from a memfd.
                    File(ref region, regions, i, follows, name, names.Pass, memory);
                    continue;
                case MappingKind.SharedMemory:
                    var category = region.IsShared || region.Inode != 0 && !IsAnonymousInDisguise(name) ? RegionCategory.Shareable : RegionCategory.PrivateData;
                    SameBacking(ref region, regions, i, follows, category, name.TextIndex, anyOffset: false);
                    break;
                case MappingKind.JitCode:
                    SameBacking(ref region, regions, i, follows, RegionCategory.ManagedHeap, names.Strings.Intern("JIT code"), anyOffset: true);
                    break;
                case MappingKind.Heap:
                    SameBacking(ref region, regions, i, follows, RegionCategory.Heap, name.TextIndex, anyOffset: true);
                    break;
                case MappingKind.Stack:
                    SameBacking(ref region, regions, i, follows, RegionCategory.Stack, name.TextIndex, anyOffset: true);
                    break;
                case MappingKind.Kernel:
                    // [vvar] is the data that the code in [vdso] reads; the kernel maps both side by side, as one library.
                    var joins = follows && regions[i - 1].Name != 0 && names[regions[i - 1].Name]!.Kind == MappingKind.Kernel;
                    RegionRuns.Mark(ref region, RegionCategory.Image, joins ? regions[i - 1].AllocationBase : region.Start, name.TextIndex);
                    break;
                default:
                    Named(ref region, regions, i, follows, name);
                    continue;
            }
            _imageName = 0;
        }
    }

    /// <summary>Private huge pages and private mappings of /dev/zero are plain private memory.</summary>
    private static bool IsAnonymousInDisguise(MappedName name) =>
        name.Text.StartsWith("/anon_hugepage", StringComparison.Ordinal) || name.Text.StartsWith("/dev/zero", StringComparison.Ordinal);

    private void File(ref SmapsRegion region, ReadOnlySpan<SmapsRegion> regions, int i, bool follows, MappedName name, int pass, RemoteMemory memory)
    {
        if (follows && region.Name == _imageName && (region.Offset != 0 || region.Start < _imageEnd))
        {
            RegionRuns.Mark(ref region, RegionCategory.Image, _imageBase, name.TextIndex);
            return;
        }
        _imageName = 0;
        if (!IsImage(region, name, pass, memory))
        {
            SameBacking(ref region, regions, i, follows, RegionCategory.MappedFile, name.TextIndex, anyOffset: false);
            return;
        }
        if (region.Offset == 0 && name.ImageExtent.Start != region.Start)
        {
            name.ImageExtent = (region.Start, MappedImage.TryRead(memory, region.Start, out var image) ? image.End : 0);
        }
        _imageName = region.Name;
        _imageBase = region.Start;
        _imageEnd = name.ImageExtent.Start == region.Start ? name.ImageExtent.End : 0;
        _imageEndKnown = _imageEnd > region.Start;
        RegionRuns.Mark(ref region, RegionCategory.Image, region.Start, name.TextIndex);
    }

    private static bool IsImage(in SmapsRegion region, MappedName name, int pass, RemoteMemory memory)
    {
        if (name.ExecutableInPass == pass)
        {
            return true;
        }
        // Only a first page that is in memory is looked at: the look must not bring it in.
        if (name.HasImageMagic is null && region.Offset == 0 && region.Rss > 0 && (region.Protection & Protection.Read) != 0 && !memory.Denied)
        {
            name.HasImageMagic = MappedImage.TryRead(memory, region.Start, out _);
        }
        return name.HasImageMagic == true;
    }

    /// <summary>Neighbours of one file, in the file's order, are one allocation.</summary>
    private static void SameBacking(
        ref SmapsRegion region, ReadOnlySpan<SmapsRegion> regions, int i, bool follows, RegionCategory category, int detail, bool anyOffset)
    {
        var allocation = region.Start;
        if (follows)
        {
            ref readonly var previous = ref regions[i - 1];
            if (previous.Name == region.Name
                && previous.Inode == region.Inode
                && previous.Device == region.Device
                && previous.Category == category
                && (anyOffset || previous.Offset + (ulong)previous.Size == region.Offset))
            {
                allocation = previous.AllocationBase;
            }
        }
        RegionRuns.Mark(ref region, category, allocation, detail);
    }

    private void Unnamed(ref SmapsRegion region, ReadOnlySpan<SmapsRegion> regions, int i, bool follows, MappingNames names)
    {
        if (_imageName != 0 && follows && BelongsToImage(regions, i))
        {
            RegionRuns.Mark(ref region, RegionCategory.Image, _imageBase, names[_imageName]!.TextIndex);
            return;
        }
        _imageName = 0;
        RegionRuns.Mark(ref region, region.IsShared ? RegionCategory.Shareable : RegionCategory.PrivateData, region.Start, 0);
    }

    /// <summary>
    /// Anonymous memory after a writable segment, inside the span that the image's own headers claim (.bss), or between two
    /// segments. The span alone does not do: a file that is mapped as it lies on disk is shorter than its headers say.
    /// </summary>
    private bool BelongsToImage(ReadOnlySpan<SmapsRegion> regions, int i)
    {
        ref readonly var region = ref regions[i];
        if (_imageEndKnown && region.Start >= _imageEnd)
        {
            return false;
        }
        if (regions[i - 1].IsReadWrite && region.IsReadWrite && (_imageEndKnown || regions[i - 1].Name == _imageName))
        {
            return true;
        }
        return _imageEndKnown
            && i + 1 < regions.Length
            && RegionRuns.FollowsPrevious(regions, i + 1)
            && regions[i + 1].Name == _imageName
            && regions[i + 1].Start < _imageEnd;
    }

    /// <summary>Memory that the program (or, since 2.39, glibc) gave a name.</summary>
    private void Named(ref SmapsRegion region, ReadOnlySpan<SmapsRegion> regions, int i, bool follows, MappedName name)
    {
        if (_imageName != 0 && follows && BelongsToImage(regions, i))
        {
            RegionRuns.Mark(ref region, RegionCategory.Image, _imageBase, name.TextIndex);
            return;
        }
        _imageName = 0;
        var category = name.Text.Contains("stack", StringComparison.OrdinalIgnoreCase) ? RegionCategory.Stack
            : name.Text.Contains("malloc", StringComparison.OrdinalIgnoreCase) || name.Text.Contains("scudo", StringComparison.Ordinal) ? RegionCategory.Heap
            : RegionCategory.PrivateData;
        SameBacking(ref region, regions, i, follows, category, name.TextIndex, anyOffset: true);
    }
}
