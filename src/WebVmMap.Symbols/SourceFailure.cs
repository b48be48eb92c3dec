namespace WebVmMap.Symbols;

/// <summary>Why a source file is not shown.</summary>
public enum SourceFailure
{
    /// <summary>It is not there.</summary>
    NotFound,

    /// <summary>It is there, and is not for showing.</summary>
    Refused,
}
