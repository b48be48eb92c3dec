using System.Buffers;

namespace WebVmMap.Core.Redaction;

/// <summary>
/// Takes directories and a user's name out of texts. When in doubt it takes out more: a text that may hold two paths loses
/// what stands between them. Immutable and thread-safe.
/// </summary>
public sealed class TextRedactor
{
    /// <summary>Stands where something was taken out.</summary>
    public const string Removed = "…";

    private const string RemovedUser = "[user]";

    // Behind one of these a path begins; a blank may also stand in a path, and then more of it is taken for text than it should.
    private static readonly SearchValues<char> s_noPathBegins = SearchValues.Create(" \t\"'=(,;|");

    private readonly bool _paths;
    private readonly string[] _names;

    /// <summary>For the texts about one process.</summary>
    /// <param name="rules">What to take out.</param>
    /// <param name="user">The account it runs as, <c>anna</c> or <c>DOMAIN\anna</c>; empty when not known.</param>
    public TextRedactor(RedactionRules rules, string user)
    {
        _paths = rules.Paths;
        var name = user[(user.LastIndexOf('\\') + 1)..];
        _names = rules.User && name.Length > 0 ? user == name ? [name] : [user, name] : [];
    }

    /// <summary>The text without what is to be taken out; the same one when nothing is.</summary>
    public string Apply(string text)
    {
        var result = _paths ? WithoutDirectories(text) : text;
        foreach (var name in _names)
        {
            result = WithoutName(result, name);
        }
        return result;
    }

    private static string WithoutDirectories(string text)
    {
        var last = text.AsSpan().LastIndexOfAny('/', '\\');
        if (last < 0)
        {
            return text;
        }
        var start = PathStart(text, text.AsSpan().IndexOfAny('/', '\\'));
        var name = text[(last + 1)..];
        // A detail is as a rule one path and nothing else: then the file's name alone says enough.
        return start == 0 && name.Length > 0 ? name : string.Concat(text.AsSpan(0, start), Removed, name);
    }

    /// <summary>Where the path begins whose first separator is known: behind the last character that no path begins with.</summary>
    private static int PathStart(string text, int separator)
    {
        var before = text.AsSpan(0, separator).LastIndexOfAny(s_noPathBegins);
        return before + 1;
    }

    private static string WithoutName(string text, string name)
    {
        for (var from = 0; text.IndexOf(name, from, StringComparison.OrdinalIgnoreCase) is >= 0 and var at;)
        {
            var end = at + name.Length;
            if ((at > 0 && char.IsLetterOrDigit(text[at - 1])) || (end < text.Length && char.IsLetterOrDigit(text[end])))
            {
                from = at + 1;
                continue;
            }
            text = string.Concat(text.AsSpan(0, at), RemovedUser, text.AsSpan(end));
            from = at + RemovedUser.Length;
        }
        return text;
    }
}
