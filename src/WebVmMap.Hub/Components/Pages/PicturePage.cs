using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>What a live process and a kept snapshot have in common: the view state of the workbench.</summary>
public abstract class PicturePage : UrlStatePage<ViewState>
{
    /// <inheritdoc/>
    protected override ViewState ParseState(string query) => ViewStateUrl.Parse(query, ViewState.Default);

    /// <inheritdoc/>
    protected override string FormatState(ViewState state) => ViewStateUrl.Format(state, ViewState.Default);
}
