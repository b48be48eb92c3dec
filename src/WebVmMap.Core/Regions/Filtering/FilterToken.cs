using System.Text;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>One term as it was typed.</summary>
/// <param name="Text">Without the dash that negates it and without quotes.</param>
/// <param name="Negated">Whether a dash was in front.</param>
/// <param name="Quoted">Whether it began with a quote: then it is text, whatever it looks like.</param>
internal readonly record struct FilterToken(string Text, bool Negated, bool Quoted)
{
    private const string Blanks = " \t\r\n";

    /// <summary>Takes the next term from the front. A quote that is not closed reaches to the end.</summary>
    public static bool TryTake(ref ReadOnlySpan<char> rest, out FilterToken token)
    {
        rest = rest.TrimStart(Blanks);
        token = default;
        if (rest.IsEmpty)
        {
            return false;
        }
        // A dash alone is text.
        var negated = rest is ['-', var next, ..] && !Blanks.Contains(next);
        rest = negated ? rest[1..] : rest;
        var quoted = rest[0] == '"';
        var text = new StringBuilder();
        var inQuotes = false;
        var at = 0;
        for (; at < rest.Length && (inQuotes || !Blanks.Contains(rest[at])); at++)
        {
            if (rest[at] == '"')
            {
                inQuotes = !inQuotes;
            }
            else
            {
                text.Append(rest[at]);
            }
        }
        rest = rest[at..];
        token = new FilterToken(text.ToString(), negated, quoted);
        return true;
    }
}
