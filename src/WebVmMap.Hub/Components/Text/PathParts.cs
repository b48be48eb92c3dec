namespace WebVmMap.Hub.Components.Text;

/// <summary>Takes a path apart, so that its end can stay in sight where the whole has no room.</summary>
public static class PathParts
{
    private const string Deleted = " (deleted)";

    /// <summary>Folder, with the separator at its end, and file, with whatever follows it; put together they are the text.</summary>
    /// <param name="text">Any text. Only what begins as an absolute path of Linux or Windows does is taken for one.</param>
    /// <returns>An empty folder when it is no path, or is one with nothing before its file.</returns>
    public static (string Folder, string File) Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isWindows = text.StartsWith(@"\\", StringComparison.Ordinal) || (text.Length > 2 && text[1] == ':' && char.IsAsciiLetter(text[0]) && text[2] == '\\');
        if (!isWindows && !text.StartsWith('/'))
        {
            return ("", text);
        }
        var end = text.EndsWith(Deleted, StringComparison.Ordinal) ? text.Length - Deleted.Length : text.Length;
        var separator = text.LastIndexOf(isWindows ? '\\' : '/', end - 1);
        return separator < 1 || separator == end - 1 ? ("", text) : (text[..(separator + 1)], text[(separator + 1)..]);
    }
}
