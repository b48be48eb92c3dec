using System.Collections.Immutable;

namespace WebVmMap.Core.Regions;

/// <summary>
/// The texts that regions refer to by index; index 0 is the empty text. Grows only at its end, so an index stays true
/// through all samples of a watched process. Not safe for concurrent growth; reading <see cref="Seal"/>'s result is.
/// </summary>
public sealed class StringTable
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<string> _strings = [""];
    private ImmutableArray<string> _sealed = [""];

    /// <summary>A table with nothing but the empty text.</summary>
    public StringTable() => _lookup = _index.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many texts there are, the empty one included.</summary>
    public int Count => _strings.Count;

    /// <summary>The text of an index.</summary>
    public string this[int index] => _strings[index];

    /// <summary>The index of a text, added when it is new. Allocates only then.</summary>
    public int Intern(ReadOnlySpan<char> text)
    {
        if (_lookup.TryGetValue(text, out var index))
        {
            return index;
        }
        var added = text.ToString();
        index = _strings.Count;
        _strings.Add(added);
        _index.Add(added, index);
        return index;
    }

    /// <summary>The texts so far, immutable: the same array until a text is added.</summary>
    public ImmutableArray<string> Seal()
    {
        if (_sealed.Length != _strings.Count)
        {
            _sealed = [.. _strings];
        }
        return _sealed;
    }
}
