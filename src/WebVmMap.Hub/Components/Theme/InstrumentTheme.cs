using MudBlazor;

namespace WebVmMap.Hub.Components.Theme;

/// <summary>MudBlazor's theme: dense, quiet, system fonts, no shadows, one accent that marks only what is active.</summary>
public static class InstrumentTheme
{
    private static readonly string[] s_fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif"];

    /// <summary>The theme. Our own markup takes the same values from CSS variables.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#5B2FD1",
            Secondary = "#56657A",
            Info = "#1D4ED8",
            Success = "#15803D",
            Warning = "#9A5B00",
            Error = "#B42318",
            Background = "#F4F6F9",
            BackgroundGray = "#F4F6F9",
            Surface = "#FFFFFF",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#16202C",
            DrawerBackground = "#FFFFFF",
            DrawerText = "#56657A",
            TextPrimary = "#16202C",
            TextSecondary = "#56657A",
            TextDisabled = "#6B7686",
            ActionDefault = "#56657A",
            ActionDisabled = "#6B7686",
            LinesDefault = "#D9DFE7",
            LinesInputs = "#C5CEDA",
            TableLines = "#E6EBF1",
            Divider = "#D9DFE7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#A58BFF",
            PrimaryContrastText = "#0B0F14",
            Secondary = "#98A4B5",
            Info = "#7EB0FF",
            Success = "#3FB96B",
            Warning = "#F0B35A",
            Error = "#FF8A80",
            ErrorContrastText = "#0B0F14",
            Background = "#0B0F14",
            BackgroundGray = "#0B0F14",
            Surface = "#161B22",
            AppbarBackground = "#161B22",
            AppbarText = "#E6EBF2",
            DrawerBackground = "#161B22",
            DrawerText = "#98A4B5",
            TextPrimary = "#E6EBF2",
            TextSecondary = "#98A4B5",
            TextDisabled = "#7F8B9B",
            ActionDefault = "#98A4B5",
            ActionDisabled = "#7F8B9B",
            LinesDefault = "#2B333E",
            LinesInputs = "#3A4553",
            TableLines = "#232B36",
            Divider = "#2B333E",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", AppbarHeight = "48px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = "13px", LineHeight = "1.35", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = s_fonts, FontSize = "13px", LineHeight = "1.35", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = s_fonts, FontSize = "13px", LineHeight = "1.35", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = s_fonts, FontSize = "15px", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "normal" },
            Button = new ButtonTypography
            {
                FontFamily = s_fonts,
                FontSize = "13px",
                FontWeight = "600",
                LineHeight = "1.35",
                LetterSpacing = "normal",
                TextTransform = "none",
            },
            Caption = new CaptionTypography { FontFamily = s_fonts, FontSize = "12px", LineHeight = "1.35", LetterSpacing = "normal" },
        },
        Shadows = new Shadow { Elevation = [.. Enumerable.Repeat("none", 26)] },
    };
}
