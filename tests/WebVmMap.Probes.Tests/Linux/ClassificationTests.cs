using System.Text;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux;
using WebVmMap.Probes.Linux.Classification;
using WebVmMap.Probes.Linux.Memory;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>What follows from the records alone, of a process whose memory cannot be read.</summary>
public sealed class ClassificationTests
{
    private const string CoreClr = "7f0000000000-7f0000001000 r-xp 00000000 fe:00 5 /usr/share/dotnet/libcoreclr.so";
    private readonly MappingNames _names = new(new StringTable());

    [Fact]
    public void Classify_ImageWithBssAndANeighbour_EndsAtTheBss()
    {
        var regions = Classify(
            ("400000-401000 r--p 00000000 fe:00 7 /bin/x", "rd"),
            ("401000-402000 r-xp 00001000 fe:00 7 /bin/x", "rd ex"),
            ("402000-403000 rw-p 00002000 fe:00 7 /bin/x", "rd wr ac"),
            ("403000-405000 rw-p 00000000 00:00 0 ", "rd wr ac"),
            ("405000-406000 ---p 00000000 00:00 0 ", ""),
            ("406000-407000 rw-p 00000000 00:00 0 ", "rd wr ac"));
        Assert.All(regions[..4], region => Assert.Equal((RegionCategory.Image, 0x400000UL, "/bin/x"), (region.Category, region.AllocationBase, Text(region))));
        Assert.All(regions[4..], region => Assert.Equal(RegionCategory.PrivateData, region.Category));
    }

    [Fact]
    public void Classify_LibraryLoadedTwiceSideBySide_IsTwoAllocations()
    {
        var regions = Classify(
            ("400000-401000 r-xp 00000000 fe:00 7 /lib/x.so", "rd ex"),
            ("401000-402000 rw-p 00001000 fe:00 7 /lib/x.so", "rd wr ac"),
            ("402000-403000 r-xp 00000000 fe:00 7 /lib/x.so", "rd ex"),
            ("403000-404000 rw-p 00001000 fe:00 7 /lib/x.so", "rd wr ac"));
        Assert.Equal([0x400000UL, 0x400000UL, 0x402000UL, 0x402000UL], regions.Select(region => region.AllocationBase));
    }

    [Fact]
    public void Classify_FileMappedInPieces_IsOneAllocationWhereTheFileGoesOn()
    {
        var regions = Classify(
            ("400000-401000 r--p 00000000 fe:00 7 /data", "rd"),
            ("401000-402000 rw-p 00001000 fe:00 7 /data", "rd wr ac"),
            ("402000-403000 r--p 00005000 fe:00 7 /data", "rd"),
            ("403000-404000 r--p 00006000 fe:00 8 /data", "rd"));
        Assert.All(regions, region => Assert.Equal(RegionCategory.MappedFile, region.Category));
        Assert.Equal([0x400000UL, 0x400000UL, 0x402000UL, 0x403000UL], regions.Select(region => region.AllocationBase));
    }

    [Theory]
    [InlineData("/SYSV0000abcd (deleted)", "rw-s", RegionCategory.Shareable)]
    [InlineData("/memfd:x (deleted)", "rw-s", RegionCategory.Shareable)]
    [InlineData("/memfd:x (deleted)", "rw-p", RegionCategory.Shareable)]
    [InlineData("/memfd:x (deleted)", "r-xp", RegionCategory.Image)]
    [InlineData("/memfd:doublemapper (deleted)", "r-xs", RegionCategory.ManagedHeap)]
    [InlineData("/dev/zero (deleted)", "rw-s", RegionCategory.Shareable)]
    [InlineData("/dev/zero", "rw-p", RegionCategory.PrivateData)]
    [InlineData("/dev/shm/x", "rw-s", RegionCategory.Shareable)]
    [InlineData("/dev/dri/card0", "rw-s", RegionCategory.Shareable)]
    [InlineData("anon_inode:[perf_event]", "rw-s", RegionCategory.Shareable)]
    [InlineData("/anon_hugepage (deleted)", "rw-p", RegionCategory.PrivateData)]
    [InlineData("/anon_hugepage (deleted)", "rw-s", RegionCategory.Shareable)]
    [InlineData("/home/a file (deleted)", "r--p", RegionCategory.MappedFile)]
    [InlineData("[heap]", "rw-p", RegionCategory.Heap)]
    [InlineData("[stack]", "rw-p", RegionCategory.Stack)]
    [InlineData("[vdso]", "r-xp", RegionCategory.Image)]
    [InlineData("[vvar_vclock]", "r--p", RegionCategory.Image)]
    [InlineData("[anon: glibc: malloc arena]", "rw-p", RegionCategory.Heap)]
    [InlineData("[anon: glibc: pthread stack: 12]", "rw-p", RegionCategory.Stack)]
    [InlineData("[anon:anything]", "rw-p", RegionCategory.PrivateData)]
    public void Classify_Name_DecidesTheCategory(string name, string protection, RegionCategory category)
    {
        var inode = name.StartsWith('[') ? "00:00 0" : "00:01 77";
        var region = Assert.Single(Classify(($"400000-401000 {protection} 00000000 {inode} {name}", "rd")));
        Assert.Equal((category, name == "/memfd:doublemapper (deleted)" ? "JIT code" : name), (region.Category, Text(region)));
    }

    [Fact]
    public void Classify_RuntimeReserve_IsOneManagedHeapWithItsCommittedPieces()
    {
        var regions = Classify(
            (CoreClr, "rd ex"),
            ("7f1000000000-7f1000100000 rw-p 00000000 00:00 0 ", "rd wr ac"),
            ("7f1000100000-7f2000000000 ---p 00000000 00:00 0 ", "dd"),
            ("7f2000000000-7f2000200000 rw-p 00000000 00:00 0 ", "rd wr ac"),
            ("7f2000200000-7f3000000000 ---p 00000000 00:00 0 ", "dd"),
            ("7f3000000000-7f3000021000 rw-p 00000000 00:00 0 ", "rd wr nr"));
        Assert.All(regions[1..5], region => Assert.Equal((RegionCategory.ManagedHeap, 0x7f1000000000UL, "GC heap"), (region.Category, region.AllocationBase, Text(region))));
        Assert.Equal(RegionCategory.PrivateData, regions[5].Category);
    }

    [Fact]
    public void Classify_SameReserveWithNoRuntime_IsPrivateData()
    {
        var regions = Classify(("7f1000000000-7f1000100000 rw-p 00000000 00:00 0 ", "rd wr ac"), ("7f1000100000-7f2000000000 ---p 00000000 00:00 0 ", "dd"));
        Assert.All(regions, region => Assert.Equal((RegionCategory.PrivateData, ""), (region.Category, Text(region))));
    }

    [Theory]
    [InlineData("/usr/lib/libjemalloc.so.2", "jemalloc")]
    [InlineData("/usr/lib/libmimalloc.so.2.1", "mimalloc")]
    [InlineData("/usr/lib/libtcmalloc_minimal.so.4", "tcmalloc")]
    [InlineData("/usr/lib/libtcmalloc_minimal_debug.so.4", "tcmalloc")]
    [InlineData("/usr/lib/libjemallocator.so", "")]
    public void Classify_OtherAllocatorLoaded_OwnsWhatIsLeftAndWritable(string library, string detail)
    {
        var regions = Classify(
            ($"7f0000000000-7f0000001000 r-xp 00000000 fe:00 5 {library}", "rd ex"),
            ("7f1000000000-7f1000100000 rw-p 00000000 00:00 0 ", "rd wr ac"),
            ("7f1000100000-7f1000200000 ---p 00000000 00:00 0 ", ""));
        Assert.Equal((detail.Length > 0 ? RegionCategory.Heap : RegionCategory.PrivateData, detail), (regions[1].Category, Text(regions[1])));
        Assert.Equal(RegionCategory.PrivateData, regions[2].Category);
    }

    [Fact]
    public void ToRegion_ForkedAndFilePages_SharedStaysWithinShareable()
    {
        // A private file mapping after a fork: 40 kB anonymous in both processes, 60 kB of the file, mapped by others too.
        var region = Figures("400000-419000 rw-p 00000000 fe:00 7 /x", "rd wr ac", rss: 100, sharedClean: 60, sharedDirty: 40, anonymous: 40);
        Assert.Equal((40L << 10, 60L << 10, 60L << 10), (region.PrivateWs, region.ShareableWs, region.SharedWs));
    }

    [Fact]
    public void ToRegion_SwappedOutReserve_IsCommittedAsFarAsItHasPages()
    {
        var region = Figures("400000-500000 rw-p 00000000 00:00 0 ", "rd wr nr", rss: 40, anonymous: 40, swap: 80);
        Assert.Equal((120L << 10, 120L << 10, 40L << 10, 80L << 10), (region.Committed, region.Private, region.PrivateWs, region.Swap));
    }

    [Theory]
    [InlineData("rw-p", 2048, 0)]
    [InlineData("rw-s", 0, 2048)]
    public void ToRegion_HugePages_AreResidentThoughRssLeavesThemOut(string protection, long privateWs, long shareableWs)
    {
        var region = Figures($"400000-600000 {protection} 00000000 00:01 7 /anon_hugepage (deleted)", "rd wr ht", privateHuge: 2048);
        Assert.Equal((privateWs << 10, shareableWs << 10), (region.PrivateWs, region.ShareableWs));
        Assert.Equal(2 << 20, region.Committed);
        Assert.Equal(privateWs << 10, region.Private);
    }

    [Theory]
    [InlineData("rw-p", 4096, 4096)]
    [InlineData("r--p", 0, 0)]
    [InlineData("---p", 0, 0)]
    public void ToRegion_KernelWithoutFlags_ChargesPrivateWritableMemory(string protection, long committed, long own)
    {
        var region = Figures($"400000-401000 {protection} 00000000 00:00 0 ", null);
        Assert.Equal((committed, own), (region.Committed, region.Private));
    }

    private SmapsRegion[] Classify(params (string Header, string Flags)[] records)
    {
        var parser = new SmapsParser(_names);
        _names.BeginPass();
        var text = Encoding.UTF8.GetBytes(string.Concat(records.Select(record => SmapsText.Record(record.Header, 4, 4, 0, 0, 4, 0, 0, 0, 0, record.Flags + " "))));
        parser.Parse(text, final: true);
        Assert.Equal(records.Length, parser.Count);
        var noMemory = new RemoteMemory(int.MaxValue);
        new BackingClassifier().Classify(parser.Regions, _names, noMemory);
        new GlibcHeapFinder(noMemory).Find(parser.Regions, _names.Strings);
        ManagedHeapFinder.Find(parser.Regions, _names);
        AllocatorFinder.Find(parser.Regions, _names);
        return parser.Regions.ToArray();
    }

    private Region Figures(
        string header, string? flags, long rss = 0, long sharedClean = 0, long sharedDirty = 0, long anonymous = 0, long swap = 0, long privateHuge = 0)
    {
        var parser = new SmapsParser(_names);
        _names.BeginPass();
        var text = SmapsText.Record(header, rss, rss, sharedClean, sharedDirty, anonymous, swap, 0, 0, privateHuge, (flags ?? "") + " ");
        parser.Parse(Encoding.UTF8.GetBytes(flags is null ? text[..text.IndexOf("VmFlags", StringComparison.Ordinal)] : text), final: true);
        Assert.Equal(1, parser.Count);
        return RegionFigures.ToRegion(parser.Regions[0]);
    }

    private string Text(in SmapsRegion region) => _names.Strings.Seal()[region.Detail];
}
