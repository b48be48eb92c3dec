namespace WebVmMap.Hub.Components.Theme;

/// <summary>What a category looks like in the light and in the dark theme, as <c>#RRGGBB</c>.</summary>
/// <param name="Light">Fill in the light theme.</param>
/// <param name="Dark">Fill in the dark theme.</param>
public sealed record CategoryColour(string Light, string Dark)
{
    /// <summary>Text on the light fill: black or white, whichever stands out more.</summary>
    public string OnLight { get; } = TextOn(Light);

    /// <summary>Text on the dark fill: black or white, whichever stands out more.</summary>
    public string OnDark { get; } = TextOn(Dark);

    // Relative luminance and contrast as WCAG 2.2 define them: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    internal static double Luminance(string colour)
    {
        Span<double> channels = stackalloc double[3];
        for (var i = 0; i < 3; i++)
        {
            var value = Convert.ToInt32(colour.Substring(1 + i * 2, 2), 16) / 255.0;
            channels[i] = value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2];
    }

    private static string TextOn(string fill)
    {
        var luminance = Luminance(fill);
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#FFFFFF" : "#000000";
    }
}
