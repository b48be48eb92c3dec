namespace WebVmMap.Core.Recordings;

/// <summary>Which live blocks come first; those that are equal in it, by address.</summary>
public enum BlockOrder
{
    /// <summary>The biggest.</summary>
    Biggest,

    /// <summary>Those allocated last, and of these the biggest.</summary>
    Newest,

    /// <summary>Those allocated first, and of these the biggest.</summary>
    Oldest,
}
