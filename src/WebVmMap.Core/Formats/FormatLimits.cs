namespace WebVmMap.Core.Formats;

/// <summary>What a reader refuses and a writer never makes; docs/formats.md states each.</summary>
public static class FormatLimits
{
    /// <summary>Regions in one block, and in the table that a delta results in.</summary>
    public const int MaxRegions = 4_000_000;

    /// <summary>Bytes of one text as UTF-8. A writer cuts a longer one and ends it with an ellipsis.</summary>
    public const int MaxTextBytes = 32_768;

    /// <summary>Texts of a snapshot, or of all frames since a key frame together.</summary>
    public const int MaxTexts = 1_000_000;

    /// <summary>Bytes of all those texts together.</summary>
    public const int MaxAllTextBytes = 64 * 1024 * 1024;

    /// <summary>Notes of a snapshot, or of a frame.</summary>
    public const int MaxNotes = 1_000;

    /// <summary>Bytes of a frame, or of a snapshot's body before compression.</summary>
    public const int MaxBodyBytes = 256 * 1024 * 1024;

    /// <summary>How many times as large as its compressed bytes a body may be.</summary>
    public const int MaxExpansion = 1024;

    /// <summary>Bytes of a body for which that does not matter.</summary>
    public const int SmallBodyBytes = 1024 * 1024;
}
