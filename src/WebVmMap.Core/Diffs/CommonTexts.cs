using System.Collections.Immutable;

namespace WebVmMap.Core.Diffs;

/// <summary>One numbering of the texts of two tables, so that rows compare numbers and not texts.</summary>
internal sealed class CommonTexts
{
    private readonly int[] _before;
    private readonly int[] _after;
    private readonly int[]? _alike;

    private CommonTexts(int[] before, int[] after, int[]? alike)
    {
        _before = before;
        _after = after;
        _alike = alike;
    }

    /// <summary>Numbers the texts.</summary>
    /// <param name="before">Of the older table.</param>
    /// <param name="after">Of the newer table.</param>
    /// <param name="alike">Whether <see cref="Alike"/> will be asked.</param>
    public static CommonTexts Of(ImmutableArray<string> before, ImmutableArray<string> after, bool alike)
    {
        var numbers = new Dictionary<string, int>(after.Length, StringComparer.Ordinal);
        var older = Number(before, numbers);
        var newer = Number(after, numbers);
        return new CommonTexts(older, newer, alike ? NumberAlike(numbers) : null);
    }

    /// <summary>The common number of a text of the older table.</summary>
    public int Before(int detail) => _before[detail];

    /// <summary>The common number of a text of the newer table.</summary>
    public int After(int detail) => _after[detail];

    /// <summary>The number of all texts that differ from the one with this common number in nothing but what a run decides.</summary>
    public int AlikeOf(int common) => _alike![common];

    /// <summary>Whether two texts are equal.</summary>
    public bool Exact(int before, int after) => _before[before] == _after[after];

    /// <summary>Whether two texts are equal but for what a run decides.</summary>
    public bool Alike(int before, int after) => _alike![_before[before]] == _alike[_after[after]];

    private static int[] Number(ImmutableArray<string> texts, Dictionary<string, int> numbers)
    {
        var own = new int[texts.Length];
        for (var i = 0; i < own.Length; i++)
        {
            if (!numbers.TryGetValue(texts[i], out own[i]))
            {
                own[i] = numbers.Count;
                numbers.Add(texts[i], own[i]);
            }
        }
        return own;
    }

    private static int[] NumberAlike(Dictionary<string, int> numbers)
    {
        var kinds = new Dictionary<string, int>(numbers.Count, StringComparer.Ordinal);
        var alike = new int[numbers.Count];
        foreach (var (text, number) in numbers)
        {
            var kind = DetailIdentity.Of(text);
            if (!kinds.TryGetValue(kind, out alike[number]))
            {
                alike[number] = kinds.Count;
                kinds.Add(kind, alike[number]);
            }
        }
        return alike;
    }
}
