namespace WebVmMap.Hub.Components.Controls;

/// <summary>What to copy of the selected rows.</summary>
public enum DetailsCopy
{
    /// <summary>Their first addresses, one a line.</summary>
    Addresses,

    /// <summary>What they are, one a line.</summary>
    Details,

    /// <summary>Every column, tab-separated, bytes exact, with a head.</summary>
    Rows,
}
