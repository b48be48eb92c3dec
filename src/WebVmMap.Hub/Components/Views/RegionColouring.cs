namespace WebVmMap.Hub.Components.Views;

/// <summary>What the colour of a region in the picture says.</summary>
public enum RegionColouring
{
    /// <summary>Its category.</summary>
    Category,

    /// <summary>What may be done with it.</summary>
    Protection,

    /// <summary>How much of it is resident.</summary>
    Residency,
}
