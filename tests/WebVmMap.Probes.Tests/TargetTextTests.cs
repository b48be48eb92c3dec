using CsCheck;

namespace WebVmMap.Probes.Tests;

public sealed class TargetTextTests
{
    [Fact]
    public void Printable_AnyText_HoldsNothingUnseenAndKeepsTheRest() => Gen.String[Gen.Char, 0, 60].Sample(text =>
    {
        var printable = TargetText.Printable(text);
        Assert.Equal(text.Length, printable.Length);
        Assert.DoesNotContain(printable, char.IsControl);
        for (var i = 0; i < text.Length; i++)
        {
            Assert.True(printable[i] == text[i] || TargetText.IsMisleading(text[i]));
        }
    });

    [Fact]
    public void Printable_OfPrintable_IsTheSameText()
    {
        const string Name = @"C:\Users\Jürgen\日本語 😀.dll";
        Assert.Same(Name, TargetText.Printable(Name));
    }
}
