namespace WebVmMap.Core.Diffs;

/// <summary>
/// What became of a region or an allocation. Size decides between grown and shrunk; where it stayed, Committed does; where both
/// stayed and anything else differs (see <see cref="DiffAspects"/>), it is changed. The values are part of the sent format.
/// </summary>
public enum RegionChange : byte
{
    /// <summary>Nothing differs.</summary>
    Same = 0,

    /// <summary>It is only in the newer one.</summary>
    Added = 1,

    /// <summary>It is only in the older one.</summary>
    Removed = 2,

    /// <summary>It has a larger Size, or the same and more Committed.</summary>
    Grown = 3,

    /// <summary>It has a smaller Size, or the same and less Committed.</summary>
    Shrunk = 4,

    /// <summary>It has the same Size and Committed; its residency, protection, category or details differ.</summary>
    Changed = 5,
}
