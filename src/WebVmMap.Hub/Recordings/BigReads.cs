namespace WebVmMap.Hub.Recordings;

/// <summary>
/// Bounds the memory of answers that may be as big as a recording's stacks: so many are made and written at once, whoever asks. Thread-safe.
/// </summary>
internal sealed class BigReads : IDisposable
{
    /// <summary>So many at once, of scripts and of those who have a link each.</summary>
    public const int AtOnce = 2;

    /// <summary>So many wait for one of those.</summary>
    public const int Waiting = 32;

    /// <summary>When one that found no place had better ask again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>The turns of those who are signed in, or have a key.</summary>
    public ReadTurns OfScripts { get; } = new(AtOnce, Waiting);

    /// <summary>The turns of those who have a link: a link keeps nobody waiting who has more.</summary>
    public ReadTurns OfShares { get; } = new(AtOnce, Waiting);

    public void Dispose()
    {
        OfScripts.Dispose();
        OfShares.Dispose();
    }
}
