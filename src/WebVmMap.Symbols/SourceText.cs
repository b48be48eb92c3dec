using System.Collections.Immutable;
using System.Text;

namespace WebVmMap.Symbols;

/// <summary>
/// Lines of a source file around one of them. Only a plain text file is read, of limited size, and never through a link in its last place: it
/// was named by somebody's debug information, which may name anything. Immutable.
/// </summary>
/// <param name="FirstLine">Number of the first line, from 1.</param>
/// <param name="Lines">The lines, each cut at <see cref="MaximumColumns"/> characters.</param>
/// <param name="TotalLines">How many the file has.</param>
/// <param name="IsNewer">Whether the file was written after the module that names it, so that lines may have moved.</param>
public sealed record SourceText(int FirstLine, ImmutableArray<string> Lines, int TotalLines, bool IsNewer)
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MaximumBytes = 8 << 20;

    /// <summary>So many lines before and after the one that is asked for.</summary>
    public const int Around = 100;

    /// <summary>Most characters of a line.</summary>
    public const int MaximumColumns = 500;

    /// <summary>Reads them.</summary>
    /// <param name="path">The file, an absolute path.</param>
    /// <param name="line">The line, from 1; the last one when the file has fewer.</param>
    /// <param name="module">The module whose debug information names it; its time is compared.</param>
    /// <exception cref="SourceException">It is not there or may not be read; the message says why, for people.</exception>
    public static SourceText Read(string path, int line, string module)
    {
        if (!Path.IsPathFullyQualified(path))
        {
            throw new SourceException(SourceFailure.NotFound, $"The debug information names {path} without its folder: where it is, nobody knows.");
        }
        // As compilers count: a form feed, which old sources have between their parts, ends no line.
        var lines = Encoding.UTF8.GetString(Content(path)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        // What ends with a line's end has no line behind it.
        var total = lines.Length > 1 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        var wanted = Math.Clamp(line, 1, total);
        var (first, last) = (Math.Max(1, wanted - Around), Math.Min(total, wanted + Around));
        return new SourceText(
            first,
            [.. lines[(first - 1)..last].Select(text => text.Length > MaximumColumns ? text[..MaximumColumns] + "\u2026" : text)],
            total,
            IsNewerThan(path, module));
    }

    private static byte[] Content(string path)
    {
        var info = new FileInfo(path);
        using var file = info.LinkTarget is not null ? null : RegularFile.TryOpen(path, followLink: false);
        if (file is null)
        {
            throw !info.Exists && info.LinkTarget is null && !Directory.Exists(path)
                ? new SourceException(SourceFailure.NotFound, $"There is no file {path} on this machine: the program was built elsewhere, or its source was moved.")
                : new SourceException(SourceFailure.Refused, $"{path} may not be read by the agent, is empty, or is no plain file (a link, a folder, a device).");
        }
        // The system would let root read all; what only its owner may see is not for whoever looks at a recording.
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) == 0)
        {
            throw new SourceException(SourceFailure.Refused, $"{path} is not readable for everybody on that machine, and the agent runs as root: it shows no such file.");
        }
        var length = RandomAccess.GetLength(file);
        if (length > MaximumBytes)
        {
            throw new SourceException(SourceFailure.Refused, $"{path} has {length:N0} bytes; of a source file at most {MaximumBytes >> 20} MiB are read.");
        }
        var bytes = new byte[length];
        var read = RegularFile.Read(file, 0, bytes);
        if (read == 0 || bytes.AsSpan(0, read).Contains((byte)0))
        {
            throw new SourceException(SourceFailure.Refused, $"{path} is no text file.");
        }
        return bytes[..read];
    }

    private static bool IsNewerThan(string path, string module)
    {
        try
        {
            return Path.IsPathFullyQualified(module) && File.Exists(module) && File.GetLastWriteTimeUtc(path) > File.GetLastWriteTimeUtc(module);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
