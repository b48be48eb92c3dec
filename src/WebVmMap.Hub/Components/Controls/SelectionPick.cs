using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>What a click on a row of a table selects: the row alone, one more or less, or everything from the last choice to it.</summary>
internal static class SelectionPick
{
    /// <summary>The selection after a click.</summary>
    /// <param name="selection">What is selected now.</param>
    /// <param name="pick">The click.</param>
    /// <param name="anchor">Index of the row of the last choice; -1 when it does not show.</param>
    /// <param name="tokenOf">The token of the row at an index.</param>
    /// <param name="isCut">True when more rows were asked for than can be selected.</param>
    public static SelectionTokens Apply(SelectionTokens selection, GridPick pick, int anchor, Func<int, string> tokenOf, out bool isCut)
    {
        isCut = false;
        if (pick.Extend && anchor >= 0)
        {
            var (low, high) = (Math.Min(anchor, pick.Index), Math.Max(anchor, pick.Index));
            isCut = high - low >= SelectionTokens.MaxTokens;
            var range = Enumerable.Range(low, high - low + 1).Select(tokenOf);
            return SelectionTokens.Of(anchor <= pick.Index ? range : range.Reverse());
        }
        var token = tokenOf(pick.Index);
        return pick.Toggle ? selection.Toggle(token)
            : selection.Tokens is [var only] && only == token ? SelectionTokens.None
            : SelectionTokens.Of(token);
    }
}
