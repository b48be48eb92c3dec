using System.Globalization;

namespace WebVmMap.Hub.Recordings;

/// <summary>A place in a source file. Immutable.</summary>
/// <param name="File">The file, as a recording has it.</param>
/// <param name="Line">The line, from 1; 0 for those of the selected call.</param>
public sealed record SourcePlace(string File, int Line)
{
    /// <summary>Most characters of a file's path.</summary>
    public const int MaximumFile = 1000;

    /// <summary><c>/src/shop.c:12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");

    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static SourcePlace? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon is > 0 and <= MaximumFile && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new SourcePlace(text[..colon], line)
            : null;
    }
}
