namespace WebVmMap.Core.Recordings;

/// <summary>A set of sites by their number, a bit for each. Immutable; thread-safe.</summary>
public sealed class SiteSet
{
    private readonly ReadOnlyMemory<byte> _bits;

    /// <summary>Takes what <see cref="Bits"/> is.</summary>
    /// <param name="bits">Bit n, low first, is site n; may not change any more.</param>
    public SiteSet(ReadOnlyMemory<byte> bits) => _bits = bits;

    /// <summary>A bit for each site, low first; sites behind its end are not in it.</summary>
    public ReadOnlyMemory<byte> Bits => _bits;

    /// <summary>Those of the first sites that a condition holds of.</summary>
    public static SiteSet Of(int sites, Predicate<int> isIn)
    {
        var bits = new byte[(sites + 7) / 8];
        var end = 0;
        for (var site = 0; site < sites; site++)
        {
            if (isIn(site))
            {
                bits[site >> 3] |= (byte)(1 << (site & 7));
                end = (site >> 3) + 1;
            }
        }
        return new(bits.AsMemory(0, end));
    }

    /// <summary>Whether a site is in it.</summary>
    public bool Contains(int site) => (uint)site >> 3 < (uint)_bits.Length && (_bits.Span[site >> 3] & (1 << (site & 7))) != 0;
}
