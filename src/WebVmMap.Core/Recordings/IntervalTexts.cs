using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Recordings;

/// <summary>The texts of one interval, each once, in the order in which they are met; the first is the empty one.</summary>
internal sealed class IntervalTexts
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly List<string> _texts = [""];

    public IntervalTexts(RecordingInterval interval)
    {
        foreach (var module in interval.Modules)
        {
            Add(module.Path);
            Add(module.BuildId);
            Add(module.Symbols);
        }
        foreach (var frame in interval.Symbols)
        {
            foreach (var line in frame.Lines.IsDefault ? [] : frame.Lines)
            {
                Add(line.Function);
                Add(line.File);
            }
        }
    }

    /// <summary>The number of a text of the interval.</summary>
    public ulong this[string text] => (ulong)_numbers[text];

    /// <exception cref="ArgumentException">They are more than the format permits.</exception>
    public void Write(FormatWriter writer)
    {
        if (_texts.Count > RecordingLimits.MaxTexts)
        {
            throw new ArgumentException($"{_texts.Count} texts are more than the format permits, {RecordingLimits.MaxTexts}.");
        }
        writer.Varint((ulong)_texts.Count - 1);
        foreach (var text in _texts.Skip(1))
        {
            writer.Text(text);
        }
    }

    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static string[] Read(ref FormatReader reader)
    {
        var texts = new string[reader.Count("texts", RecordingLimits.MaxTexts - 1) + 1];
        texts[0] = "";
        for (var i = 1; i < texts.Length; i++)
        {
            texts[i] = reader.Text("text");
        }
        return texts;
    }

    private void Add(string text)
    {
        if (_numbers.TryAdd(text, _texts.Count))
        {
            _texts.Add(text);
        }
    }
}
