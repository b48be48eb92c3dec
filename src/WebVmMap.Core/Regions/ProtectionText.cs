using System.Text;
using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions;

/// <summary>Writes a protection as the users of each system know it.</summary>
public static class ProtectionText
{
    private const Protection All = (Protection)511;

    private static readonly string[] s_linux = BuildAll(Linux);
    private static readonly string[] s_windows = BuildAll(Windows);

    /// <summary><c>rw-p</c> on Linux, <c>Read/Write/Guard</c> on Windows. Allocates nothing.</summary>
    public static string Format(Protection protection, HostPlatform platform) =>
        (platform == HostPlatform.Windows ? s_windows : s_linux)[(int)(protection & All)];

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
