using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using WebVmMap.Hub.Components.Theme;

namespace WebVmMap.Hub.Components;

/// <summary>The HTML document. It reads the theme's cookie, so that the first paint has the right colours.</summary>
public sealed partial class App
{
    // Not prerendered: a click on a page whose circuit is not up yet would be lost without a word.
    private static readonly IComponentRenderMode s_mode = new InteractiveServerRenderMode(prerender: false);

    private ThemeChoice _choice;
    private string? _theme;

    [CascadingParameter]
    private HttpContext? Http { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _choice = ThemeCookie.Parse(Http?.Request.Cookies[ThemeCookie.Name]);
        // Without the attribute the style rules follow the system.
        _theme = _choice == ThemeChoice.System ? null : ThemeCookie.Format(_choice);
    }
}
