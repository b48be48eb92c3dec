namespace WebVmMap.Agent.Commands;

/// <summary>Ends a command. The message is the one line that a person reads: what, why, and what to do.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>What the program ends with.</summary>
    public int ExitCode => exitCode;

    /// <summary>The command was called wrongly.</summary>
    public static CommandException Usage(string message) => new(Commands.ExitCode.Usage, message);

    /// <summary>The command could not be carried out.</summary>
    public static CommandException Failed(string message) => new(Commands.ExitCode.Failed, message);
}
