namespace WebVmMap.Symbols;

/// <summary>A source file cannot be shown; the message says why, in one sentence for people.</summary>
public sealed class SourceException(SourceFailure failure, string message) : Exception(message)
{
    /// <summary>Which kind of reason.</summary>
    public SourceFailure Failure { get; } = failure;
}
