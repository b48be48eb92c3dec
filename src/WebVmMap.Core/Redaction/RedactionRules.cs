namespace WebVmMap.Core.Redaction;

/// <summary>What of a snapshot is not for everybody's eyes.</summary>
/// <param name="CommandLine">The arguments of the process.</param>
/// <param name="User">The account it runs as, also where its name stands in other texts.</param>
/// <param name="Paths">Directories: of a path only the file's name stays.</param>
public readonly record struct RedactionRules(bool CommandLine, bool User, bool Paths)
{
    /// <summary>Everything is taken out.</summary>
    public static RedactionRules All { get; } = new(true, true, true);

    /// <summary>True when nothing is taken out.</summary>
    public bool IsNone => this == default;
}
