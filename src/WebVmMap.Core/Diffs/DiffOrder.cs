namespace WebVmMap.Core.Diffs;

/// <summary>In what order a list of changes stands. Equal ones keep the order of the diff.</summary>
public enum DiffOrder
{
    /// <summary>What grew most first, what shrank most last.</summary>
    Growth,

    /// <summary>What shrank most first, what grew most last.</summary>
    Shrinkage,

    /// <summary>What changed by most bytes first, whether it grew or shrank.</summary>
    Magnitude,

    /// <summary>As the diff has it: by address, or by place in the newer snapshot.</summary>
    Place,
}
