using System.Runtime.CompilerServices;

namespace WebVmMap.Recording.Ring;

/// <summary>
/// What a sample stands for. The tracer tells an allocation of s bytes with the probability 1 - exp(-s / mean), so it weighs the reciprocal:
/// of many samples, counts and bytes are right on average, whatever their sizes. Weights are whole numbers, rounded up as often as their
/// fraction says, so that blocks stay countable. Not thread-safe.
/// </summary>
/// <param name="mean">One sample in so many bytes; 0 when everything is told.</param>
internal struct SampleWeight(long mean)
{
    /// <summary>What is smaller counts as so much; the tracer's SAMPLE_LEAST.</summary>
    public const int Least = 32;

    private ulong _random = 0x9E3779B97F4A7C15;

    /// <summary>Whether everything is told, so that each allocation stands for itself.</summary>
    public readonly bool IsOne => mean == 0;

    /// <summary>How many allocations of this size a sample stands for: 1 when everything is told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Of(long size) => mean == 0 ? 1 : OfSample(size);

    private int OfSample(long size)
    {
        var exact = 1 / (1 - Math.Exp(-Math.Max(size, Least) / (double)mean));
        // https://prng.di.unimi.it/xorshift64star.c
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        var fraction = ((_random * 0x2545F4914F6CDD1D) >> 11) * (1.0 / (1UL << 53));
        return (int)exact + (fraction < exact - Math.Floor(exact) ? 1 : 0);
    }
}
