namespace WebVmMap.Core.Formats;

/// <summary>The kinds of frames. The values are part of the format.</summary>
internal enum FrameKind : byte
{
    Unspecified = 0,

    /// <summary>Complete in itself.</summary>
    Key = 1,

    /// <summary>What changed since the frame before.</summary>
    Delta = 2,
}
