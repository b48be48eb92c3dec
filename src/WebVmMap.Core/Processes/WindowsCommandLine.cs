using System.Text;

namespace WebVmMap.Core.Processes;

/// <summary>Joins arguments to the one line that Windows hands to a program.</summary>
public static class WindowsCommandLine
{
    /// <summary>The line that is taken apart into the same arguments by the rules of
    /// https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments.</summary>
    public static string Join(IEnumerable<string> arguments)
    {
        var line = new StringBuilder();
        foreach (var argument in arguments)
        {
            if (line.Length > 0)
            {
                line.Append(' ');
            }
            line.Append('"');
            var backslashes = 0;
            foreach (var c in argument)
            {
                // Backslashes are literal unless a quote follows them: then each is doubled and the quote escaped.
                line.Append('\\', c == '"' ? backslashes + 1 : 0).Append(c);
                backslashes = c == '\\' ? backslashes + 1 : 0;
            }
            line.Append('\\', backslashes).Append('"');
        }
        return line.ToString();
    }
}
