using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Regions;

public sealed class RegionTextTests
{
    [Theory]
    [InlineData(Protection.None, "---p", "No Access")]
    [InlineData(Protection.Read, "r--p", "Read")]
    [InlineData(Protection.Read | Protection.Write, "rw-p", "Read/Write")]
    [InlineData(Protection.Read | Protection.Execute, "r-xp", "Execute/Read")]
    [InlineData(Protection.Read | Protection.Write | Protection.Execute | Protection.Shared, "rwxs", "Execute/Read/Write")]
    [InlineData(Protection.Read | Protection.CopyOnWrite, "r--p", "Read/Copy on Write")]
    [InlineData(Protection.Read | Protection.Write | Protection.Guard, "rw-p", "Read/Write/Guard")]
    [InlineData(Protection.Read | Protection.NoCache | Protection.WriteCombine, "r--p", "Read/No Cache/Write Combine")]
    [InlineData(Protection.Reserved, "---p", "Reserved")]
    public void Format_Protection_IsWrittenAsEachSystemDoes(Protection protection, string linux, string windows)
    {
        Assert.Equal(linux, ProtectionText.Format(protection, HostPlatform.Linux));
        Assert.Equal(windows, ProtectionText.Format(protection, HostPlatform.Windows));
    }

    [Fact]
    public void DisplayName_EveryCategory_IsFoundByItAgain()
    {
        Assert.Equal(
            ["Image", "Mapped File", "Shareable", "Heap", "Managed Heap", "Stack", "Private Data", "Page Table", "Unusable", "Free"],
            RegionCategories.All.Select(category => category.DisplayName()));
        foreach (var category in RegionCategories.All)
        {
            Assert.True(RegionCategories.TryParse(category.DisplayName().ToUpperInvariant(), out var found));
            Assert.Equal(category, found);
        }
        Assert.False(RegionCategories.TryParse("Unspecified", out _));
    }
}
