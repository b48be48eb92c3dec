using System.Text;

namespace WebVmMap.Hub.Hosts;

/// <summary>Turns a host's name into an id for URLs.</summary>
internal static class HostSlug
{
    private const int MaximumLength = 48;

    /// <summary>The name in lower-case letters, digits and single dashes; <c>host</c> when nothing is left of it.</summary>
    public static string Of(string name)
    {
        var slug = new StringBuilder(Math.Min(name.Length, MaximumLength));
        foreach (var c in name.ToLowerInvariant())
        {
            if (slug.Length == MaximumLength)
            {
                break;
            }
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }
        var text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? "host" : text;
    }

    /// <summary>The same, with a number behind it where it is taken.</summary>
    public static string Unique(string name, Func<string, bool> taken)
    {
        var slug = Of(name);
        var unique = slug;
        for (var number = 2; taken(unique); number++)
        {
            unique = $"{slug}-{number}";
        }
        return unique;
    }
}
