using System.Text;

namespace WebVmMap.Symbols.Names;

/// <summary>Letters beyond ASCII in names of Rust: RFC 3492 with "_" before the last part.</summary>
internal static class Punycode
{
    private const int MaxLetters = 256;

    /// <summary>Decodes a name.</summary>
    /// <returns>Null when it is damaged, or longer than any name is.</returns>
    public static string? Decode(string text)
    {
        const int Base = 36, TMin = 1, TMax = 26, Skew = 38, Damp = 700, FirstLetter = 128, FirstBias = 72;
        var split = text.LastIndexOf('_');
        var letters = new List<Rune>();
        foreach (var letter in split < 0 ? "" : text[..split])
        {
            letters.Add(new Rune(letter));
        }
        long next = FirstLetter, at = 0;
        var bias = FirstBias;
        var isFirst = true;
        for (var i = split + 1; i < text.Length;)
        {
            long delta = 0, weight = 1;
            for (var k = Base; ; k += Base)
            {
                if (i >= text.Length)
                {
                    return null;
                }
                var c = text[i++];
                var digit = char.IsAsciiLetterLower(c) ? c - 'a' : char.IsAsciiDigit(c) ? c - '0' + 26 : -1;
                if (digit < 0 || weight > int.MaxValue)
                {
                    return null;
                }
                delta += digit * weight;
                var threshold = Math.Clamp(k - bias, TMin, TMax);
                if (digit < threshold)
                {
                    break;
                }
                weight *= Base - threshold;
            }
            at += delta;
            var count = letters.Count + 1;
            next += at / count;
            at %= count;
            if (count > MaxLetters || next > 0x10ffff || !Rune.IsValid((int)next))
            {
                return null;
            }
            letters.Insert((int)at++, new Rune((int)next));

            var step = delta / (isFirst ? Damp : 2);
            isFirst = false;
            step += step / count;
            bias = 0;
            while (step > (Base - TMin) * TMax / 2)
            {
                step /= Base - TMin;
                bias += Base;
            }
            bias += (int)((Base - TMin + 1) * step / (step + Skew));
        }
        var decoded = new StringBuilder();
        foreach (var letter in letters)
        {
            decoded.Append(letter.ToString());
        }
        return decoded.ToString();
    }
}
