namespace WebVmMap.Hub.Components.Compare;

/// <summary>What of two snapshots the picture shows.</summary>
public enum DiffSide
{
    /// <summary>The older one.</summary>
    Before,

    /// <summary>What changed.</summary>
    Difference,

    /// <summary>The newer one.</summary>
    After,
}
