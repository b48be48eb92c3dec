using System.Text;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>What the readers of one file share: its limits, what has been used of them, and whether to go on.</summary>
internal sealed class ImportContext(string fileName, DateTimeOffset receivedAt, ImportLimits limits, CancellationToken cancellation)
{
    private const int CancellationStride = 4096;

    private int _rows;

    /// <summary>The file's name without directories.</summary>
    public string FileName { get; } = fileName;

    /// <summary>What stands for the time of a snapshot whose file does not tell it.</summary>
    public DateTimeOffset ReceivedAt { get; } = receivedAt;

    public ImportLimits Limits { get; } = limits;

    /// <summary>Counts a row of the file.</summary>
    /// <exception cref="InvalidDataException">It is one too many.</exception>
    public void CountRow()
    {
        if (++_rows > Limits.MaxRows)
        {
            throw new InvalidDataException($"It holds more than {Limits.MaxRows} rows.");
        }
        if (_rows % CancellationStride == 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Bytes that a text adds to those of a snapshot.</summary>
    /// <exception cref="InvalidDataException">They become too many.</exception>
    public static int Intern(StringTable texts, ReadOnlySpan<char> text, ref long bytes)
    {
        var before = texts.Count;
        var index = texts.Intern(text);
        if (texts.Count != before)
        {
            bytes += Math.Min(Encoding.UTF8.GetByteCount(text), FormatLimits.MaxTextBytes);
            if (texts.Count > FormatLimits.MaxTexts || bytes > FormatLimits.MaxAllTextBytes)
            {
                throw new InvalidDataException($"Its texts are more than {FormatLimits.MaxTexts} or {FormatLimits.MaxAllTextBytes} bytes.");
            }
        }
        return index;
    }

    /// <summary>The sentence of an argument that broke a rule, without the parameter's name behind it.</summary>
    public static string Sentence(ArgumentException broken) => broken.Message.Split(" (Parameter", 2)[0];
}
