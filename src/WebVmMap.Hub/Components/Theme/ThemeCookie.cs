namespace WebVmMap.Hub.Components.Theme;

/// <summary>
/// The cookie that carries the choice of theme, so that the server writes the first page in the right colours: nothing
/// flashes. It holds a word and nothing about the user, and script may write it.
/// </summary>
public static class ThemeCookie
{
    /// <summary>Name of the cookie.</summary>
    public const string Name = "webvmmap-theme";

    /// <summary>The choice that a cookie's value stands for; anything unknown is <see cref="ThemeChoice.System"/>.</summary>
    public static ThemeChoice Parse(string? value) => value switch
    {
        "light" => ThemeChoice.Light,
        "dark" => ThemeChoice.Dark,
        _ => ThemeChoice.System,
    };

    /// <summary>The value that stands for a choice.</summary>
    public static string Format(ThemeChoice choice) => choice switch
    {
        ThemeChoice.Light => "light",
        ThemeChoice.Dark => "dark",
        _ => "system",
    };
}
