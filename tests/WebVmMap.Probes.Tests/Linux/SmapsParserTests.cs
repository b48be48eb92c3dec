using System.Text;
using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Tests.Linux;

public sealed class SmapsParserTests
{
    private readonly MappingNames _names = new(new StringTable());

    [Fact]
    public void Parse_RecordOfThisKernel_ReadsEveryField()
    {
        var parser = Parse(SmapsText.Record("7f0000000000-7f0000100000 rw-p 00001000 fe:01 4711 /usr/lib/x.so", rss: 1000, pss: 990, sharedClean: 8, sharedDirty: 12,
            anonymous: 400, swap: 20, locked: 16, sharedHuge: 2048, privateHuge: 4096, flags: "rd wr mr mw me nr dd ht ac "));
        var region = Assert.Single(parser.Regions.ToArray());
        Assert.Equal(0x7f0000000000UL, region.Start);
        Assert.Equal(0x7f0000100000UL, region.End);
        Assert.Equal(0x1000UL, region.Offset);
        Assert.Equal(0xfe00001u, region.Device);
        Assert.Equal(4711UL, region.Inode);
        Assert.Equal("/usr/lib/x.so", _names[region.Name]!.Text);
        Assert.Equal(Protection.Read | Protection.Write, region.Protection);
        Assert.Equal(VmFlags.Known | VmFlags.Accounted | VmFlags.NoReserve | VmFlags.DontDump | VmFlags.HugeTlb, region.Flags);
        Assert.Equal(
            (1000L << 10, 990L << 10, 8L << 10, 12L << 10, 400L << 10, 20L << 10, 16L << 10, 2048L << 10, 4096L << 10),
            (region.Rss, region.Pss, region.SharedClean, region.SharedDirty, region.Anonymous, region.Swap, region.Locked, region.SharedHugetlb, region.PrivateHugetlb));
    }

    [Fact]
    public void Parse_AnyFigures_AreReadAlikeByLayoutAndByKeys() =>
        // The first record is read key by key and teaches the layout; the second, the same, is read by that layout,
        // or, when a figure is wider than eight digits, key by key again.
        Gen.Long[0, 12_345_678_901].Array[9].Sample(figures =>
        {
            var text = SmapsText.Record("1000-2000 rw-p 00000000 00:00 0 ", 0) + SmapsText.Record("2000-3000 rw-p 00000000 00:00 0 ", figures)
                + SmapsText.Record("3000-4000 rw-p 00000000 00:00 0 ", figures[0] % 100_000_000);
            var parser = Parse(text, new MappingNames(new StringTable()));
            Assert.Equal(3, parser.Count);
            var region = parser.Regions[1];
            Assert.Equal(
                figures.Select(figure => figure << 10),
                [region.Rss, region.Pss, region.SharedClean, region.SharedDirty, region.Anonymous, region.Swap, region.Locked, region.SharedHugetlb, region.PrivateHugetlb]);
            Assert.Equal(figures[0] % 100_000_000 << 10, parser.Regions[2].Rss);
        });

    [Fact]
    public void Parse_CutAnywhere_GivesTheSameAsInOnePiece() =>
        Gen.Int[1, 700].Array[1, 20].Sample(pieces =>
        {
            var bytes = Encoding.UTF8.GetBytes(
                SmapsText.Record("1000-2000 r--p 00000000 fe:00 12 /a b/c", 4) + SmapsText.Record("2000-3000 ---p 00000000 00:00 0 ", 123_456_789) + SmapsText.Record("4000-9000 rwxs 00000000 00:01 9 /dev/zero (deleted)", 7));
            var whole = Parse(Encoding.UTF8.GetString(bytes), new MappingNames(new StringTable()));
            var parser = new SmapsParser(new MappingNames(new StringTable()));
            int fed = 0, used = 0, piece = 0;
            while (fed < bytes.Length)
            {
                fed = Math.Min(bytes.Length, fed + pieces[piece++ % pieces.Length]);
                used += parser.Parse(bytes.AsSpan(used, fed - used), final: fed == bytes.Length);
            }
            Assert.Equal(bytes.Length, used);
            Assert.Equal(0, parser.Malformed);
            Assert.Equal(whole.Regions.ToArray(), parser.Regions.ToArray());
        });

    [Theory]
    [InlineData("/tmp/with blanks  in it", "/tmp/with blanks  in it")]
    [InlineData("/tmp/two\\012lines", "/tmp/two\\012lines")]
    [InlineData("/tmp/bell\u0007", "/tmp/bell\\007")]
    [InlineData("/tmp/\u202Egnp.exe", "/tmp/\uFFFDgnp.exe")]
    [InlineData("/tmp/gone (deleted)", "/tmp/gone (deleted)")]
    [InlineData("/tmp/\u001b[31mred", "/tmp/\\033[31mred")]
    [InlineData("/tmp/größe", "/tmp/größe")]
    [InlineData("[anon:my arena]", "[anon:my arena]")]
    [InlineData("/memfd: a name (deleted)", "/memfd: a name (deleted)")]
    [InlineData("anon_inode:[io_uring]", "anon_inode:[io_uring]")]
    public void Parse_AwkwardName_IsKeptAndSafeToPrint(string name, string shown)
    {
        var parser = Parse(SmapsText.Record($"1000-2000 r--p 00000000 00:01 1{new string(' ', 26)}{name}", 0));
        Assert.Equal(shown, _names[Assert.Single(parser.Regions.ToArray()).Name]!.Text);
    }

    [Fact]
    public void Parse_NameThatIsNotUtf8_ShowsWhereItIsNot()
    {
        var text = Encoding.Latin1.GetBytes(SmapsText.Record("1000-2000 r--p 00000000 00:01 1 /tmp/gr\u00f6\u00dfe", 0));
        var parser = new SmapsParser(_names);
        Assert.Equal(text.Length, parser.Parse(text, final: true));
        Assert.Equal("/tmp/gr\ufffd\ufffde", _names[parser.Regions[0].Name]!.Text);
    }

    [Fact]
    public void Parse_SameNameAgain_IsTheSameIndexAndText()
    {
        var parser = Parse(SmapsText.Record("1000-2000 r--p 00000000 00:01 1 /a", 0) + SmapsText.Record("2000-3000 r--p 00000000 00:01 2 /b", 0) + SmapsText.Record("3000-4000 r--p 00000000 00:01 1 /a", 0));
        Assert.Equal(parser.Regions[0].Name, parser.Regions[2].Name);
        Assert.NotEqual(parser.Regions[0].Name, parser.Regions[1].Name);
        Assert.Equal(3, _names.Strings.Count);
    }

    [Fact]
    public void Parse_KnownNamesAndRoom_AllocatesNothing()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 500).Select(i =>
            SmapsText.Record($"{i * 4096:x}-{(i + 1) * 4096:x} r--p 00000000 00:01 1 /file {i % 20}", i))));
        var parser = new SmapsParser(_names);
        parser.Parse(text, final: true);
        parser.Clear();
        _names.BeginPass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        parser.Parse(text, final: true);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(500, parser.Count);
    }

    [Fact]
    public void Parse_KernelBeforeFlags_ReadsWhatThereIs()
    {
        const string Old = "00400000-00401000 r-xp 00000000 03:02 1234 /bin/old\nSize: 4 kB\nRss: 4 kB\nShared_Clean: 0 kB\nPrivate_Dirty: 4 kB\n";
        var parser = Parse(Old + Old.Replace("00400000-00401000 r-xp", "00600000-00601000 rw-p", StringComparison.Ordinal));
        Assert.Equal(2, parser.Count);
        Assert.Equal(4096, parser.Regions[1].Rss);
        Assert.Equal(VmFlags.None, parser.Regions[1].Flags);
        Assert.Equal(0, parser.Malformed);
    }

    [Fact]
    public void Parse_Vsyscall_LiesAtTheEndOfTheAddressSpace()
    {
        var parser = Parse(SmapsText.Record("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]", 0));
        Assert.Equal(0xffffffffff600000, parser.Regions[0].Start);
        Assert.Equal(4096, parser.Regions[0].Size);
        Assert.Equal(MappingKind.Kernel, _names[parser.Regions[0].Name]!.Kind);
    }

    [Fact]
    public void Parse_RecordCutShort_IsLeftOutAndCounted()
    {
        var first = SmapsText.Record("1000-2000 rw-p 00000000 00:00 0 ", 4);
        var second = SmapsText.Record("2000-3000 rw-p 00000000 00:00 0 ", 4);
        for (var length = 1; length < second.Length; length++)
        {
            var parser = Parse(first + second[..length]);
            Assert.Equal((length, 1, 1), (length, parser.Count, parser.Malformed));
        }
    }

    [Fact]
    public void Parse_RecordThatOverlapsTheOneBefore_IsLeftOutAndCounted()
    {
        var parser = Parse(SmapsText.Record("1000-3000 rw-p 00000000 00:00 0 ", 4) + SmapsText.Record("2000-4000 rw-p 00000000 00:00 0 ", 4) + SmapsText.Record("4000-5000 rw-p 00000000 00:00 0 ", 4));
        Assert.Equal((2, 1), (parser.Count, parser.Overlapping));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("nonsense\n")]
    [InlineData("Rss: 4 kB\n")]
    [InlineData("1000-\n")]
    [InlineData("1000-2000\n")]
    [InlineData("1000-2000 rw-p\n")]
    [InlineData("2000-1000 rw-p 00000000 00:00 0 \nRss: 0 kB\nVmFlags: rd \n")]
    [InlineData("1000-1800 rw-p 00000000 00:00 0 \nRss: 0 kB\nVmFlags: rd \n")]
    [InlineData("1000-2000 rw-p 00000000 00:00 0 \nVmFlags: rd \n")]
    public void Parse_NoRecord_IsLeftOut(string text)
    {
        var parser = Parse(text);
        Assert.Equal(0, parser.Count);
        Assert.Equal(text.Length > 0, parser.Malformed > 0);
    }

    [Fact]
    public void Parse_AnyBytes_NeverThrowsAndUsesThemAll() =>
        Gen.Byte.Array[0, 2000].Sample(noise =>
        {
            byte[] bytes = [.. Encoding.UTF8.GetBytes(SmapsText.Record("1000-2000 rw-p 00000000 00:00 0 ", 4)), .. noise];
            var parser = new SmapsParser(new MappingNames(new StringTable()));
            Assert.Equal(bytes.Length, parser.Parse(bytes, final: true));
        });

    [Fact]
    public void Parse_AnyDamage_NeverThrowsAndNeverMakesARegionThatIsNone() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 5].Sample(damage =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 3).Select(i => SmapsText.Record($"{i * 4096:x}-{(i + 1) * 4096:x} r--p 00000000 00:01 1 /file", i))));
            foreach (var (at, value) in damage)
            {
                bytes[at % bytes.Length] = value;
            }
            var parser = new SmapsParser(new MappingNames(new StringTable()));
            Assert.Equal(bytes.Length, parser.Parse(bytes, final: true));
            foreach (var region in parser.Regions)
            {
                Assert.True(region.End > region.Start && region.Rss >= 0 && (region.Start & 4095) == 0);
            }
        });

    [LinuxFact]
    public void Parse_SmapsOfThisKernel_HasAsManyRecordsAsMapsHasLines()
    {
        using var target = TestTarget.Start("threads", "4"); // its mappings stay as they are, unlike those of this process
        var parser = new SmapsParser(_names);
        var text = File.ReadAllBytes($"/proc/{target.Pid}/smaps");
        parser.Parse(text, final: true);
        Assert.Equal(File.ReadLines($"/proc/{target.Pid}/maps").Count(), parser.Count);
        Assert.Equal(0, parser.Malformed);
    }

    private SmapsParser Parse(string text) => Parse(text, _names);

    /// <summary>Samples run at once on many threads: each needs names of its own.</summary>
    private static SmapsParser Parse(string text, MappingNames names)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var parser = new SmapsParser(names);
        Assert.Equal(bytes.Length, parser.Parse(bytes, final: true));
        return parser;
    }
}
