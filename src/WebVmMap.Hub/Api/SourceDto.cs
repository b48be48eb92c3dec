using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>Lines of a source file around one of them.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line that was asked for.</param>
/// <param name="FirstLine">Number of the first line told.</param>
/// <param name="Lines">The lines.</param>
/// <param name="TotalLines">How many the file has.</param>
/// <param name="NewerThan">Path of the module that is older than the file, so that lines may have moved; left out when it is not, or nobody knows.</param>
internal sealed record SourceDto(string File, int Line, int FirstLine, IReadOnlyList<string> Lines, int TotalLines, string? NewerThan)
{
    public static SourceDto Of(string file, int line, SourceLines lines) =>
        new(file, line, lines.FirstLine, lines.Lines, lines.TotalLines, lines.NewerThan.Length > 0 ? lines.NewerThan : null);
}
