using System.Collections.Immutable;
using System.Text;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// Takes a typed command line apart into words, without any of a shell's other powers: blanks part words, single and double quotes keep
/// blanks. A backslash is a character like others, as paths of Windows have it; within double quotes, one before a quote keeps that quote.
/// </summary>
internal static class CommandWords
{
    /// <summary>Takes it apart.</summary>
    /// <param name="line">What was typed.</param>
    /// <param name="words">The words; none for blanks alone.</param>
    /// <param name="problem">What is wrong with it; empty when nothing is.</param>
    public static bool TrySplit(string line, out ImmutableArray<string> words, out string problem)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (quote == '"' && letter == '\\' && i + 1 < line.Length && line[i + 1] == '"')
            {
                word.Append('"');
                i++;
            }
            else if (quote != '\0' ? letter == quote : letter is '\'' or '"')
            {
                quote = quote == '\0' ? letter : '\0';
                // Quotes with nothing between them are a word, too.
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isWord)
                {
                    found.Add(word.ToString());
                }
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }
        if (isWord)
        {
            found.Add(word.ToString());
        }
        words = found.DrainToImmutable();
        problem = quote == '\0' ? "" : $"A {(quote == '"' ? "double" : "single")} quote is opened and not closed.";
        return problem.Length == 0;
    }
}
