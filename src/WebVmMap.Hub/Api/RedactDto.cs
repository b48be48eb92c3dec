using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Api;

/// <summary>What the receiver of a link does not get.</summary>
/// <param name="CommandLine">The command line.</param>
/// <param name="User">The user, also where the name stands in other texts.</param>
/// <param name="Paths">Directories: of a path only the file's name stays.</param>
internal sealed record RedactDto(bool CommandLine = true, bool User = true, bool Paths = true)
{
    public static RedactDto Of(RedactionRules rules) => new(rules.CommandLine, rules.User, rules.Paths);

    public RedactionRules ToRules() => new(CommandLine, User, Paths);
}
