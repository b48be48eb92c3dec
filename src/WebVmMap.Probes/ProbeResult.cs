using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Probes;

/// <summary>A value, or why there is none.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public readonly struct ProbeResult<T>
    where T : notnull
{
    private readonly T? _value;

    private ProbeResult(ProbeOutcome outcome, T? value, string message)
    {
        Outcome = outcome;
        _value = value;
        Message = message;
    }

    /// <summary>How it ended.</summary>
    public ProbeOutcome Outcome { get; }

    /// <summary>One sentence for a person: what is wrong, why, and what to do. Empty when complete.</summary>
    public string Message { get; }

    /// <summary>True, and the value, when complete.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = _value;
        return Outcome == ProbeOutcome.Complete;
    }

    /// <summary>A success.</summary>
    public static implicit operator ProbeResult<T>(T value) => new(ProbeOutcome.Complete, value, "");

    /// <summary>A failure.</summary>
    public static implicit operator ProbeResult<T>(ProbeFailure failure) => new(failure.Outcome, default, failure.Message);

    /// <summary>The failure to hand on when this is not complete.</summary>
    public ProbeFailure Failure => new(Outcome, Message);
}
