namespace WebVmMap.Hub.Components.Theme;

/// <summary>What the user chose to look at.</summary>
public enum ThemeChoice
{
    /// <summary>As the browser says, and changing with it.</summary>
    System,

    /// <summary>Always light.</summary>
    Light,

    /// <summary>Always dark.</summary>
    Dark,
}
