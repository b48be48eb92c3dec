namespace WebVmMap.Core.Snapshots;

/// <summary>What became of a frame.</summary>
public enum FrameOutcome
{
    /// <summary>It was applied; <see cref="FrameDecoder.Current"/> is its picture.</summary>
    Applied,

    /// <summary>It changes a frame that is not held, so nothing was changed: ask for a key frame.</summary>
    NeedsKeyFrame,
}
