using System.Text.RegularExpressions;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Theme;

namespace WebVmMap.Components.Tests.Theme;

public sealed class CategoryColoursTests
{
    [Fact]
    public void Of_EveryCategory_EqualsTheBrowsersTable()
    {
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Theme", "colours.ts"));
        Assert.Equal(Table(source, "light"), Enumerable.Range(0, RegionCategories.Length).Select(c => CategoryColours.Of((RegionCategory)c).Light));
        Assert.Equal(Table(source, "dark"), Enumerable.Range(0, RegionCategories.Length).Select(c => CategoryColours.Of((RegionCategory)c).Dark));
    }

    [Fact]
    public void On_EveryFill_TextHasAContrastOfFourAndAHalf() => Assert.All(RegionCategories.All, category =>
    {
        var colour = CategoryColours.Of(category);
        Assert.InRange(Contrast(colour.Light, colour.OnLight), 4.5, 21);
        Assert.InRange(Contrast(colour.Dark, colour.OnDark), 4.5, 21);
    });

    private static double Contrast(string a, string b)
    {
        var (x, y) = (CategoryColour.Luminance(a), CategoryColour.Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static string[] Table(string source, string theme)
    {
        var row = Regex.Match(source, theme + @": \[(?<row>[^\]]+)\]").Groups["row"].Value;
        return [.. Regex.Matches(row, "#[0-9A-F]{6}").Select(m => m.Value)];
    }
}
