using System.Text;
using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions;

/// <summary>Writes a protection as the users of each system know it, and reads it again.</summary>
public static class ProtectionText
{
    private const Protection All = (Protection)511;

    private static readonly (string Name, Protection Flag)[] s_words =
    [
        ("Read", Protection.Read),
        ("Write", Protection.Write),
        ("Execute", Protection.Execute),
        ("Reserved", Protection.Reserved),
        ("No Access", Protection.None),
        // VMMap's word alone: what is copied on write can be read in Windows.
        ("Copy on Write", Protection.Read | Protection.CopyOnWrite),
        ("Guard", Protection.Guard),
        ("No Cache", Protection.NoCache),
        ("NoCache", Protection.NoCache),
        ("Write Combine", Protection.WriteCombine),
        ("WriteCombine", Protection.WriteCombine),
        ("", Protection.None),
    ];

    private static readonly string[] s_linux = BuildAll(Linux);
    private static readonly string[] s_windows = BuildAll(Windows);

    /// <summary><c>rw-p</c> on Linux, <c>Read/Write/Guard</c> on Windows. Allocates nothing.</summary>
    public static string Format(Protection protection, HostPlatform platform) =>
        (platform == HostPlatform.Windows ? s_windows : s_linux)[(int)(protection & All)];

    /// <summary>Reads what <see cref="Format"/> writes, and VMMap's own spellings (<c>Copy on write</c>, <c>WriteCombine</c>).</summary>
    /// <returns>False when it is neither of Linux nor of Windows.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Protection protection)
    {
        text = text.Trim();
        return TryParseLinux(text, out protection) || TryParseWindows(text, out protection);
    }

    /// <summary>True for a text in the form of Linux: <c>rw-p</c>.</summary>
    public static bool IsLinux(ReadOnlySpan<char> text) => TryParseLinux(text.Trim(), out _);

    private static bool TryParseLinux(ReadOnlySpan<char> text, out Protection protection)
    {
        protection = Protection.None;
        if (text.Length != 4 || text[0] is not ('r' or '-') || text[1] is not ('w' or '-') || text[2] is not ('x' or '-') || text[3] is not ('p' or 's'))
        {
            return false;
        }
        protection = (text[0] == 'r' ? Protection.Read : 0)
            | (text[1] == 'w' ? Protection.Write : 0)
            | (text[2] == 'x' ? Protection.Execute : 0)
            | (text[3] == 's' ? Protection.Shared : 0);
        return true;
    }

    private static bool TryParseWindows(ReadOnlySpan<char> text, out Protection protection)
    {
        protection = Protection.None;
        foreach (var part in text.Split('/'))
        {
            if (!TryParseWord(text[part].Trim(), out var word))
            {
                return false;
            }
            protection |= word;
        }
        return true;
    }

    private static bool TryParseWord(ReadOnlySpan<char> word, out Protection protection)
    {
        foreach (var (name, flag) in s_words)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                protection = flag;
                return true;
            }
        }
        protection = Protection.None;
        return false;
    }

    private static string[] BuildAll(Func<Protection, string> format) => [.. Enumerable.Range(0, (int)All + 1).Select(i => format((Protection)i))];

    private static string Linux(Protection p) => new(
    [
        p.HasFlag(Protection.Read) ? 'r' : '-',
        p.HasFlag(Protection.Write) ? 'w' : '-',
        p.HasFlag(Protection.Execute) ? 'x' : '-',
        p.HasFlag(Protection.Shared) ? 's' : 'p',
    ]);

    private static string Windows(Protection p)
    {
        if (p == Protection.Reserved)
        {
            return "Reserved";
        }
        var text = new StringBuilder();
        Append(text, p, Protection.Execute, "Execute");
        Append(text, p, Protection.Read, "Read");
        Append(text, p, Protection.Write, "Write");
        Append(text, p, Protection.CopyOnWrite, "Copy on Write");
        Append(text, p, Protection.Guard, "Guard");
        Append(text, p, Protection.NoCache, "No Cache");
        Append(text, p, Protection.WriteCombine, "Write Combine");
        return text.Length == 0 ? "No Access" : text.ToString();
    }

    private static void Append(StringBuilder text, Protection p, Protection flag, string word)
    {
        if (!p.HasFlag(flag))
        {
            return;
        }
        if (text.Length > 0)
        {
            text.Append('/');
        }
        text.Append(word);
    }
}
