using WebVmMap.Hub.Components.Theme;

namespace WebVmMap.Hub.Components.Layout;

/// <summary>What the layout offers to what stands in it. One per circuit, on its context.</summary>
public sealed class Shell
{
    /// <summary>What the user chose.</summary>
    public ThemeChoice Theme { get; private set; }

    /// <summary>What that comes to.</summary>
    public bool IsDark { get; private set; }

    /// <summary>True for a page from which no way leads to the others; set by the layout before anything is rendered in it.</summary>
    public bool StandsAlone { get; internal set; }

    /// <summary>Raised when <see cref="IsDark"/> or <see cref="Theme"/> changed.</summary>
    public event Action? Changed;

    /// <summary>Asks the layout for another theme; set by it.</summary>
    public Func<ThemeChoice, Task> ChooseThemeAsync { get; internal set; } = _ => Task.CompletedTask;

    /// <summary>Asks the layout for the help dialog; set by it.</summary>
    public Func<Task> ShowHelpAsync { get; internal set; } = () => Task.CompletedTask;

    internal void Set(ThemeChoice theme, bool isDark)
    {
        if (Theme == theme && IsDark == isDark)
        {
            return;
        }
        (Theme, IsDark) = (theme, isDark);
        Changed?.Invoke();
    }
}
