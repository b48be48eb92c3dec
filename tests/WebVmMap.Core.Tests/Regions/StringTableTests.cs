using CsCheck;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Regions;

public sealed class StringTableTests
{
    [Fact]
    public void Intern_AnyTexts_GivesEachOneIndexForEver() => Gen.String[Gen.Char["abÄä"], 0, 2].Array.Sample(texts =>
    {
        var table = new StringTable();
        var indexes = texts.Select(text => table.Intern(text)).ToArray();
        Assert.Equal(indexes, texts.Select(text => table.Intern(text)));
        Assert.Equal(texts, indexes.Select(index => table.Seal()[index]));
        Assert.Equal(texts.Append("").Distinct(StringComparer.Ordinal).Count(), table.Count);
        Assert.Equal("", table.Seal()[0]);
    });

    [Fact]
    public void Seal_TextsAdded_ContinuesTheOneBefore()
    {
        var table = new StringTable();
        table.Intern("a");
        var before = table.Seal();
        Assert.Equal(before, table.Seal());
        table.Intern("b");
        Assert.Equal(["", "a"], before);
        Assert.Equal(["", "a", "b"], table.Seal());
    }

    [Fact]
    public void Intern_KnownText_AllocatesNothing()
    {
        var table = new StringTable();
        table.Intern("/usr/lib/libc.so.6");
        var before = GC.GetAllocatedBytesForCurrentThread();
        table.Intern("/usr/lib/libc.so.6");
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
