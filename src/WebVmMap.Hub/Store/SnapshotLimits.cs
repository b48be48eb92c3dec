namespace WebVmMap.Hub.Store;

/// <summary>How long the words about a snapshot may be, in characters.</summary>
public static class SnapshotLimits
{
    /// <summary>Of a label.</summary>
    public const int Label = 200;

    /// <summary>Of a note.</summary>
    public const int Note = 4000;

    /// <summary>Of the name of a person or key.</summary>
    public const int Who = 64;

    /// <summary>Of the name of an imported file.</summary>
    public const int ImportFile = 255;

    /// <summary>Of the format of an imported file.</summary>
    public const int ImportFormat = 16;

    /// <summary>The text, cut to so many characters where it is longer.</summary>
    internal static string Cut(string text, int characters) => text.Length <= characters ? text : text[..(characters - 1)] + "…";
}
