namespace WebVmMap.Hub.Components.Views;

/// <summary>Which picture stands in the panel beside the summary.</summary>
public enum PictureView
{
    /// <summary>Boxes within boxes, by category, file and region.</summary>
    Treemap,

    /// <summary>The address space in address order.</summary>
    AddressMap,

    /// <summary>The categories over time.</summary>
    Timeline,
}
