namespace WebVmMap.Core.Recordings;

/// <summary>
/// A recording at one moment, so that nobody has to read all that came before: what is new since the key frame before it, and what all
/// sites did so far (docs/formats.md "Recording key frame"). Immutable.
/// </summary>
/// <param name="Intervals">How many intervals it stands for.</param>
/// <param name="Since">How many the key frame before it stands for.</param>
/// <param name="Additions">What is new since then. Those of all key frames, in order, are the recording's code, stacks and timeline.</param>
/// <param name="Ledger">What sites did. That of one key frame is enough.</param>
public sealed record RecordingKeyFrame(int Intervals, int Since, ReadOnlyMemory<byte> Additions, ReadOnlyMemory<byte> Ledger)
{
    /// <summary>That of a recording as it is now. Once it is stored, say so by <see cref="Stored"/>.</summary>
    /// <exception cref="ArgumentException">There are no intervals since the last one, or what is new is beyond the limits of the format.</exception>
    public static RecordingKeyFrame Of(RecordingState recording)
    {
        if (recording.Intervals == recording.KeyedIntervals)
        {
            throw new ArgumentException("Nothing came since the last key frame.");
        }
        return new(
            recording.Intervals, recording.KeyedIntervals, RecordingKeyCodec.EncodeAdditions(recording.Additions()), RecordingKeyCodec.EncodeLedger(recording.Ledger));
    }

    /// <summary>The next key frame of the recording goes on from this one, which is the last that was made of it.</summary>
    public void Stored(RecordingState recording)
    {
        if (recording.Intervals != Intervals)
        {
            throw new InvalidOperationException("The recording went on since the key frame was made.");
        }
        recording.Keyed();
    }

    /// <summary>Whether what is new with a key frame was written before the timeline told all that it tells now: then it is not applied, and the intervals are read.</summary>
    public static bool IsOld(ReadOnlySpan<byte> additions) => RecordingKeyCodec.IsOld(additions);

    /// <summary>Adds what is new with the next key frame. After the last one, <see cref="ApplyLedger"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes break a rule of the format, or do not follow.</exception>
    public static void ApplyAdditions(RecordingState recording, ReadOnlySpan<byte> additions) => recording.Restore(RecordingKeyCodec.DecodeAdditions(additions));

    /// <summary>Adds what sites did, of the last key frame whose additions were applied.</summary>
    /// <exception cref="InvalidDataException">It is not of this moment.</exception>
    public static void ApplyLedger(RecordingState recording, SiteLedger ledger) => recording.Restore(ledger);

    /// <summary>What sites did until a key frame.</summary>
    /// <exception cref="InvalidDataException">The bytes break a rule of the format.</exception>
    public static SiteLedger DecodeLedger(ReadOnlySpan<byte> ledger) => RecordingKeyCodec.DecodeLedger(ledger);
}
