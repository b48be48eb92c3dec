using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace WebVmMap.Core.Formats;

/// <summary>The texts that regions refer to, on the wire and at rest.</summary>
internal static class Texts
{
    /// <summary>Writes count and texts from an index on.</summary>
    /// <returns>How many bytes of UTF-8 they took, for the limit on all of a stream.</returns>
    /// <exception cref="ArgumentException">They are more than the format permits.</exception>
    public static long Write(FormatWriter writer, ImmutableArray<string> texts, int from, long bytesBefore)
    {
        if (texts.Length > FormatLimits.MaxTexts)
        {
            throw new ArgumentException($"{texts.Length} texts are more than the format permits, {FormatLimits.MaxTexts}.");
        }
        if (texts.IsEmpty || texts[0].Length != 0)
        {
            throw new ArgumentException("The first text is not the empty one.");
        }
        writer.Varint((ulong)(texts.Length - from));
        var bytes = bytesBefore;
        for (var i = from; i < texts.Length; i++)
        {
            bytes += writer.Text(texts[i]);
        }
        return bytes <= FormatLimits.MaxAllTextBytes
            ? bytes
            : throw new ArgumentException($"The texts take {bytes} bytes; at most {FormatLimits.MaxAllTextBytes} are permitted.");
    }

    /// <summary>Reads count and texts, and appends them to those before.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="before">The texts that they continue; empty at the beginning of a stream.</param>
    /// <param name="bytes">Bytes of UTF-8 of the texts before; then of all.</param>
    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static ImmutableArray<string> Read(ref FormatReader reader, ImmutableArray<string> before, ref long bytes)
    {
        var count = reader.Count("texts", FormatLimits.MaxTexts - before.Length);
        if (count == 0 && !before.IsEmpty)
        {
            return before;
        }
        var texts = new string[before.Length + count];
        before.CopyTo(texts);
        for (var i = before.Length; i < texts.Length; i++)
        {
            texts[i] = reader.Text("text", (int)(FormatLimits.MaxAllTextBytes - bytes), out var taken);
            bytes += taken;
        }
        return texts.Length > 0 && texts[0].Length == 0
            ? ImmutableCollectionsMarshal.AsImmutableArray(texts)
            : throw new InvalidDataException("The first text is not the empty one.");
    }
}
