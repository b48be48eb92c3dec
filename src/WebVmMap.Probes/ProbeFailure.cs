namespace WebVmMap.Probes;

/// <summary>Why there is no value.</summary>
/// <param name="Outcome">Anything but complete.</param>
/// <param name="Message">One sentence for a person: what is wrong, why, and what to do.</param>
public readonly record struct ProbeFailure(ProbeOutcome Outcome, string Message);
