using WebVmMap.Core.Regions;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

public sealed class WindowsNamesTests
{
    [Theory]
    [InlineData(@"\Device\HarddiskVolume3\Windows\x.dll", @"C:\Windows\x.dll")]
    [InlineData(@"\Device\HarddiskVolume31\x.dll", @"D:\x.dll")]
    [InlineData(@"\Device\HarddiskVolume9\x.dll", @"\Device\HarddiskVolume9\x.dll")]
    [InlineData(@"\Device\Mup\server\share\x.dll", @"\\server\share\x.dll")]
    [InlineData(@"\??\Z:\work\x.dll", @"Z:\work\x.dll")]
    [InlineData(@"\??\UNC\server\share\x.dll", @"\\server\share\x.dll")]
    [InlineData(@"Z:\x.dll", @"Z:\x.dll")]
    public void Of_KernelPath_IsAsPeopleWriteIt(string path, string expected)
    {
        var paths = new DosPaths(() => [new("C:", @"\Device\HarddiskVolume3"), new("D:", @"\Device\HarddiskVolume31")]);

        Assert.Equal(expected, paths.Of(path));
        Assert.Equal(expected, paths.Of(path));
    }

    [Fact]
    public void Of_DriveAddedLater_IsFoundAndAskedForOnce()
    {
        var asked = 0;
        var paths = new DosPaths(() => asked++ == 0 ? [] : [new("E:", @"\Device\HarddiskVolume5")]);

        Assert.Equal(@"E:\a", paths.Of(@"\Device\HarddiskVolume5\a"));
        Assert.Equal(@"\Device\Unknown\a", paths.Of(@"\Device\Unknown\a"));
        Assert.Equal(@"\Device\Unknown\b", paths.Of(@"\Device\Unknown\b"));
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData("Windows 10 Pro", "24H2", 26100, 2314, "", "Windows 11 Pro 24H2 (26100.2314)")]
    [InlineData("Windows 10 Pro", "22H2", 19045, 0, "", "Windows 10 Pro 22H2 (19045)")]
    [InlineData("Windows Server 2022 Datacenter", "21H2", 20348, 1, "", "Windows Server 2022 Datacenter 21H2 (20348.1)")]
    [InlineData("", "", 18362, 0, "8.0", "Windows (18362), Wine 8.0")]
    public void Of_Version_IsNamedForPeople(string product, string release, int build, int revision, string wine, string expected) =>
        Assert.Equal(expected, WindowsName.Of(product, release, build, revision, wine));

    [Theory]
    [InlineData(0x01u, Protection.None)]
    [InlineData(0x02u, Protection.Read)]
    [InlineData(0x04u, Protection.Read | Protection.Write)]
    [InlineData(0x08u, Protection.Read | Protection.CopyOnWrite)]
    [InlineData(0x10u, Protection.Execute)]
    [InlineData(0x20u, Protection.Execute | Protection.Read)]
    [InlineData(0x40u, Protection.Execute | Protection.Read | Protection.Write)]
    [InlineData(0x80u, Protection.Execute | Protection.Read | Protection.CopyOnWrite)]
    [InlineData(0x104u, Protection.Read | Protection.Write | Protection.Guard)]
    [InlineData(0x204u, Protection.Read | Protection.Write | Protection.NoCache)]
    [InlineData(0x404u, Protection.Read | Protection.Write | Protection.WriteCombine)]
    public void ToProtection_EveryConstant_IsTold(uint constant, Protection expected) =>
        Assert.Equal(expected, ((PageProtection)constant).ToProtection());

    [Theory]
    [InlineData(0x41ul, true, 0, false, false)]
    [InlineData(0x8203ul, true, 1, true, false)]
    [InlineData(0x40820ful, true, 7, true, true)]
    [InlineData(0x8000ul, false, 0, true, false)]
    public void WorkingSetPage_Flags_AreReadAsDocumented(ulong flags, bool valid, int shareCount, bool shared, bool locked)
    {
        var page = new WorkingSetPage { Flags = flags };

        Assert.Equal((valid, shareCount, shared, locked), (page.Valid, page.ShareCount, page.Shared, page.Locked));
    }
}
